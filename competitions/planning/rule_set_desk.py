"""The desk of rule sets: the list, a rule set as a rule book, its editor with a worked example."""

import json
from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import rule_set_authoring as authoring
from competitions.planning import rule_set_lines
from competitions.planning.rule_set_editor import editor_page, examples_of, is_trial, try_out
from competitions.planning.rule_set_forms import (
    RuleSetForm,
    document_of,
    rules_of,
    values_of,
)
from competitions.planning.rule_set_lines import RuleSetLine, address_of, key_of
from competitions.planning.rule_sets import BINDERS
from competitions.planning.wording import worded
from competitions.rules.clause_changes import changes
from competitions.rules.rule_book import clauses
from competitions.rules.rule_brief import SOURCES, brief
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_set_cautions import cautions_of
from competitions.rules.rule_sets import read_rule_set
from competitions.rules.worked_example import worked_example

AUTHOR = [requires(*BINDERS)]


class RuleSetsDesk(Controller):
    """All rule sets, and new ones."""

    path = "/desk/rule-sets"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-rule-sets")
    async def list_all(self, actor: NamedDependency[Actor]) -> AnyResponse:
        every = await rule_set_lines.every()
        return page(
            "competitions/planning/rule_sets.html",
            presets=[lines for lines in every if lines[0].is_preset],
            own=[lines for lines in every if not lines[0].is_preset],
            briefs={lines[0].key: _brief(lines[0]) for lines in every},
            may_write=actor.holds_anywhere(*BINDERS),
        )

    @get("/new", name="desk-rule-set-new", guards=AUTHOR)
    async def new(self, request: AnyRequest) -> AnyResponse:
        source = await rule_set_lines.by_key(request.query_params.get("from", "rural-national"))
        form = Form(RuleSetForm, values_of(source.document, name=""))
        return editor_page(form, source=source)

    @post("/new", name="desk-rule-set-create", guards=AUTHOR)
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, RuleSetForm)
        source = await rule_set_lines.by_key(request.query_params.get("from", "rural-national"))
        if is_trial(form):
            try_out(form)
            return editor_page(form, source=source)
        if form.ok and not form.data.code:
            form.errors["code"] = _("请填写规则编号。")
        if rules_of(form, code=str(form.value("code") or "-")):
            document = document_of(form, code=form.data.code, number=1)
            try:
                key = await authoring.create(
                    document, name=form.data.name, derived_from=source.key, by=actor, at=now
                )
                return go(address_of(key), toast=_("评分规则已建立"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return editor_page(form, source=source, status_code=422)

    @post("/trial", name="desk-rule-set-trial", guards=AUTHOR, status_code=200)
    async def trial(self, request: AnyRequest) -> AnyResponse:
        form = await read_form(request, RuleSetForm)
        return page("competitions/planning/rule_set_examples.html", form=form, **examples_of(form))


class RuleSetDesk(Controller):
    """One version of a rule set."""

    path = "/desk/rule-sets/{code:str}/{number:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-rule-set")
    async def show(
        self, code: FromPath[str], number: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await rule_set_lines.by_key(key_of(code, number))
        return page(
            "competitions/planning/rule_set.html",
            line=line,
            events=line.events_of(actor),
            versions=await rule_set_lines.versions(code),
            may_write=actor.holds_anywhere(*BINDERS),
            may_change=line.may_change(actor, BINDERS),
            **await _book(line),
        )

    @get("/print", name="desk-rule-set-print")
    async def paper(self, code: FromPath[str], number: FromPath[int]) -> AnyResponse:
        line = await rule_set_lines.by_key(key_of(code, number))
        return page("competitions/planning/rule_set_print.html", line=line, **await _book(line))

    @get("/document.json", name="desk-rule-set-document")
    async def export(self, code: FromPath[str], number: FromPath[int]) -> AnyResponse:
        line = await rule_set_lines.by_key(key_of(code, number))
        content = json.dumps(line.document, ensure_ascii=False, indent=1).encode()
        name = f'attachment; filename="rule-set-{line.sha256[:12]}.json"'
        return Response(
            content, media_type="application/json", headers={"content-disposition": name}
        )

    @get("/edit", name="desk-rule-set-edit", guards=AUTHOR)
    async def edit(
        self, code: FromPath[str], number: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await rule_set_lines.by_key(key_of(code, number))
        values = values_of(line.document, name=line.name) | {"seen": line.sha256}
        return editor_page(Form(RuleSetForm, values), line=line, actor=actor)

    @post("/edit", name="desk-rule-set-change", guards=AUTHOR)
    async def change(
        self,
        request: AnyRequest,
        code: FromPath[str],
        number: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, RuleSetForm)
        line = await rule_set_lines.by_key(key_of(code, number))
        if is_trial(form):
            try_out(form)
            return editor_page(form, line=line, actor=actor)
        if rules_of(form, code=code, number=number):
            try:
                key = await _save(line, form, by=actor, at=now)
                word = _("评分规则已修改") if key == line.key else _("已存为新的一版")
                return go(address_of(key), toast=word)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return editor_page(form, line=line, actor=actor, status_code=422)


async def _save(line: RuleSetLine, form: Form[RuleSetForm], *, by: Actor, at: datetime) -> str:
    document = document_of(form, code=line.code, number=line.version_number)
    return await authoring.change(
        line.key, document, name=form.data.name, seen_sha256=form.data.seen, by=by, at=at
    )


def _brief(line: RuleSetLine) -> list[str]:
    rules = read_rule_set(line.document)
    return [worded(said) for said in brief(rules)] if isinstance(rules, RuleSet) else []


async def _book(line: RuleSetLine) -> dict[str, Any]:
    """Return a rule set as its page reads it: clauses, cautions, changes, a worked example."""
    rules = read_rule_set(line.document)
    if not isinstance(rules, RuleSet):  # nothing unsound is ever written down
        raise TypeError(line.key)
    book = clauses(rules)
    origin = await rule_set_lines.by_key(line.derived_from) if line.derived_from else None
    before = read_rule_set(origin.document) if origin else None
    found = changes(clauses(before), book) if isinstance(before, RuleSet) else []
    return {
        "clauses": book,
        "origin": origin,
        "changes": found,
        "changed": {item.key for item in found},
        "sources": SOURCES,
        "cautions": cautions_of(rules),
        "example": worked_example(rules),
        "worded": worded,
    }
