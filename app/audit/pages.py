"""The journal's page."""

from litestar import Controller, get

from app.audit import queries, subjects
from app.audit.acts import LABELS
from app.audit.queries import JournalFilter
from app.rules.actors import Duty
from app.web.forms import read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.templating import page

PAGE_SIZE = 50


class JournalPages(Controller):
    """For auditors and administrators."""

    path = "/desk/journal"
    guards = [requires(Duty.AUDITOR, Duty.ADMINISTRATOR)]  # noqa: RUF012 - Litestar's way

    @get("", name="journal")
    async def show(self, request: AnyRequest) -> AnyResponse:
        form = read_query(request, JournalFilter)
        chosen = form.data if form.ok else JournalFilter()
        lines, count = await queries.journal(chosen, PAGE_SIZE)
        return page(
            "app/audit/journal.html",
            lines=lines,
            count=count,
            chosen=chosen,
            acts=LABELS,
            word_of=subjects.word_of,
            number_of=subjects.number_of,
            page_size=PAGE_SIZE,
        )
