"""Take a rule set's file in: the exact document, or every problem that it has."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from app.errors import N_, RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import rule_set_authoring as authoring
from competitions.planning.rule_set_lines import address_of
from competitions.planning.rule_sets import BINDERS
from competitions.planning.wording import worded
from competitions.rules.reading import NotABundle, Problem, parse
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import read_rule_set

LARGEST = 256 * 1024


class RuleSetFileForm(Struct, frozen=True):
    """A rule set's file and what it shall be called here."""

    file: Annotated[UploadFile, Meta(title=N_("规则文件"))]
    name: Annotated[str, Meta(title=N_("规则名称"), max_length=60)]


class RuleSetIntake(Controller):
    """A rule set that comes as a file."""

    path = "/desk/rule-sets/import"
    guards = [requires(*BINDERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-rule-set-import")
    async def show(self) -> AnyResponse:
        return _import_page(Form(RuleSetFileForm), [])

    @post("", name="desk-rule-set-take-in", request_max_body_size=LARGEST)
    async def take_in(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, RuleSetFileForm)
        problems: list[Problem] = []
        if form.ok:
            try:
                document = parse(await form.data.file.read())
            except NotABundle as why:
                form.errors["file"] = _("不是可以读取的规则文件：{why}").format(why=why)
                return _import_page(form, [], status_code=422)
            found = read_rule_set(document)
            if isinstance(found, RuleSet):
                try:
                    key = await authoring.take_in(document, name=form.data.name, by=actor, at=now)
                    return go(address_of(key), toast=_("评分规则已导入"))
                except RuleBroken as refusal:
                    form.refuse(refusal)
            else:
                problems = found
                form.errors["file"] = _("规则文件有 {count} 处问题，没有导入。").format(
                    count=len(found)
                )
        return _import_page(form, problems, status_code=422)


def _import_page(
    form: Form[RuleSetFileForm], problems: list[Problem], *, status_code: int = 200
) -> AnyResponse:
    return page(
        "competitions/planning/rule_set_import.html",
        form=form,
        problems=[(item.where.removeprefix("rule_set."), worded(item)) for item in problems],
        status_code=status_code,
    )
