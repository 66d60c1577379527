"""纸质评分表: the judges' sheets on paper, blank for when tablets fail, or as they were submitted.

A sheet names its seat and no judge: who stands in for whom could give a contestant away.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.documents import typesetting
from app.errors import N_, RuleBroken, refusal
from app.rules.mark_sheet import (
    E4,
    AspectKind,
    Control,
    SheetAspect,
    SheetForm,
    SheetStatus,
    code_order,
    decimal_text,
)
from app.sheets import forms
from app.sheets import queries as sheets
from app.sheets.queries import SheetLine
from app.sheets.wording import KINDS, STATES, STATUSES
from app.web import locale
from app.web.locale import gettext as _
from app.web.locale import label, pgettext
from competitions.planning.queries import EventLine, SchemeLine
from competitions.scoring import mark_forms

TEMPLATE = "mark_sheets.typ"
MOST = 400
HASH_SHOWN = 16
DONE = frozenset({SheetStatus.SUBMITTED, SheetStatus.SIGNED, SheetStatus.LOCKED})

Document = dict[str, Any]


class PaperKind(StrEnum):
    """What is printed: a form of no code to keep in reserve, blank sheets, or submitted ones."""

    SPARE = "spare"
    BLANK = "blank"
    FILLED = "filled"


@refusal
class NothingToPrint(RuleBroken):
    """No sheet is as it was asked for."""

    says = N_("没有这样的评分表可打印。空白表在开始评分后按加密号打印；已评的表提交之后才能打印。")


@refusal
class TooManySheets(RuleBroken):
    """One print would be a pile of paper nobody waits for."""

    says = N_("共 {count} 张，一次最多打印 {most} 张。请按席位或加密号分批打印。")
    count: int
    most: int


@dataclass(frozen=True)
class Wanted:
    """Which sheets: of a seat, from one code to another; empty for all."""

    seat: str = ""
    first: str = ""
    last: str = ""

    def takes(self, line: SheetLine) -> bool:
        """Tell whether a sheet is among them."""
        first, code, last = (
            code_order(text.lstrip("0")) for text in (self.first, line.code, self.last)
        )
        return self.seat in {"", line.seat} and first <= code and (not self.last or code <= last)


async def spare(line: EventLine, scheme: SchemeLine) -> Document:
    """Return the form of every aspect without code, seat or mark."""
    form = mark_forms.of_event(line, scheme).every
    return _document(line, [_sheet(None, form, {})])


async def of_codes(line: EventLine, kind: PaperKind, wanted: Wanted) -> Document:
    """Return the sheets of codes, blank or filled in; raise `NothingToPrint`, `TooManySheets`."""
    is_filled = kind is PaperKind.FILLED
    chosen = [
        item
        for item in await sheets.sheets_of(line.ledger)
        if wanted.takes(item)
        and (item.status in DONE if is_filled else item.status is not SheetStatus.VOID)
    ]
    if not chosen:
        raise NothingToPrint
    if len(chosen) > MOST:
        raise TooManySheets(len(chosen), MOST)
    known = await forms.by_digest({item.form_digest for item in chosen})
    marks = await _marks(line.ledger) if is_filled else {}
    return _document(
        line,
        [
            _sheet(item, known[item.form_digest], marks.get((item.code, item.seat), {}))
            for item in chosen
        ],
    )


async def _marks(ledger: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for fact in await sheets.marks_of(ledger):
        said = _(STATES[fact.state]) if fact.value is None else decimal_text(int(fact.value * E4))
        found[fact.code, fact.seat][fact.aspect] = said
    return found


async def pdf_of(document: Document) -> bytes:
    """Return the sheets as a PDF."""
    return await typesetting.printed_book(TEMPLATE, document)


def _document(line: EventLine, made: Sequence[Document]) -> Document:
    return {
        "lang": locale.current(),
        "competition": line.competition,
        "event": f"{line.name}{_('（')}{label(line.division)}{_('）')}",
        "words": {
            "heading": _("评分表"),
            "code": _("加密号"),
            "station": _("工位"),
            "seat": _("席位"),
            "id": pgettext("aspect", "编号"),
            "aspect": _("评分点"),
            "most": _("满分"),
            "mark": _("打分"),
            "yes": _("是"),
            "no": _("否"),
            "page": _("第 {page} / {pages} 页"),
            "signatures": [_("评分裁判（签字）"), _("裁判长（签字）"), _("时间")],
            "note": _("改动处由评分裁判签名。没有打的分写“缺”，没有做的写“未做”，都不写 0。"),
        },
        "sheets": list(made),
    }


def _sheet(line: SheetLine | None, form: SheetForm, marks: Mapping[str, str]) -> Document:
    groups: dict[str, list[Document]] = {}
    for aspect in form.aspects:
        groups.setdefault(aspect.group, []).append(_row(aspect, marks.get(aspect.id, "")))
    scheme = form.scheme
    foot = _("{rules}第 {version} 版 {sha256}").format(
        rules=scheme.name, version=scheme.version, sha256=scheme.sha256[:HASH_SHOWN]
    )
    return {
        "code": line.code if line else "",
        "station": line.station if line else "",
        "seat": line.seat if line else "",
        "key": line.key if line else "",
        "status": _(STATUSES[line.status]) if line and marks else "",
        "groups": [{"title": title, "rows": rows} for title, rows in groups.items()],
        "foot": foot,
    }


def _row(aspect: SheetAspect, said: str) -> Document:
    steps = _("；").join(f"{at} {text}" for at, text in enumerate(aspect.descriptors))
    return {
        "id": aspect.id,
        "title": aspect.title,
        "how": " · ".join(filter(None, (_(KINDS[aspect.kind]), aspect.hint))),
        "steps": steps,
        "most": aspect.max or "—",
        "unit": aspect.unit,
        "control": _control(aspect),
        "mark": said,
    }


def _control(aspect: SheetAspect) -> str:
    if aspect.kind is AspectKind.JUDGEMENT:
        return "scale"
    return "yes_no" if aspect.control is Control.YES_NO else "number"
