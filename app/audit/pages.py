"""The journal's page."""

from litestar import Controller, get
from litestar.di import NamedDependency

from app.audit import facts, queries, subjects
from app.audit.acts import LABELS
from app.audit.queries import JournalFilter
from app.rules.actors import Actor, Duty, require
from app.web.forms import read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.templating import page

PAGE_SIZE = 50
READERS = (Duty.AUDITOR, Duty.ADMINISTRATOR)


class JournalPages(Controller):
    """For auditors and administrators of everything: its records are of every place."""

    path = "/desk/journal"
    guards = [requires(*READERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="journal")
    async def show(self, request: AnyRequest, actor: NamedDependency[Actor]) -> AnyResponse:
        require(actor, READERS)
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
            differences=facts.differences,
            page_size=PAGE_SIZE,
        )
