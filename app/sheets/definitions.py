"""A sheet's page as its template needs it: the definition only, no mark and no name."""

from typing import Final

import msgspec
from msgspec import Struct

from app.errors import N_
from app.rules.mark_sheet import E4, Control, SheetAspect, SheetForm, decimal_text
from app.sheets.rows import SheetRow
from app.sheets.wording import KINDS
from app.web.locale import gettext

HALF_POINT_E4: Final = E4 // 2
TIME_UNITS: Final = {"s": 1, "秒": 1, "sec": 1, "min": 60, "分钟": 60, "分": 60}
"""Units that a stop-watch can measure, with their seconds."""


class AspectView(Struct, frozen=True):
    """One aspect on the page; bounds and steps in 1/10,000, empty for no bound."""

    id: str
    kind: str
    kind_word: str
    control: str
    title: str
    hint: str
    unit: str
    max: str
    is_measured: bool
    descriptors: tuple[str, ...]
    zeroes: tuple[str, ...]
    low: int | str
    high: int | str
    grain: int
    stride: int
    range_text: str
    worth: str
    time_unit: int


class GroupView(Struct, frozen=True):
    """Aspects that stand together under a title."""

    title: str
    aspects: list[AspectView]


class SheetView(Struct, frozen=True):
    """What the page of a sheet shows before any mark."""

    key: str
    code: str
    station: str
    seat: str
    subject_word: str
    ledger_title: str
    form_title: str
    scheme_name: str
    scheme_version: int
    scheme_sha256: str
    aspects: list[AspectView]
    groups: list[GroupView]


def sheet_view(row: SheetRow, form: SheetForm) -> SheetView:
    """Return the page of a sheet."""
    groups = groups_of(form)
    return SheetView(
        key=row.key,
        code=row.subject_code,
        station=row.station,
        seat=row.seat,
        subject_word=row.subject_word,
        ledger_title=row.ledger_title,
        form_title=form.title,
        scheme_name=form.scheme.name,
        scheme_version=form.scheme.version,
        scheme_sha256=form.scheme.sha256,
        aspects=[aspect for group in groups for aspect in group.aspects],
        groups=groups,
    )


def groups_of(form: SheetForm) -> list[GroupView]:
    """Return the aspects of a form as the page shows them, under their titles."""
    groups: list[GroupView] = []
    for item in form.aspects:
        if not groups or groups[-1].title != item.group:
            groups.append(GroupView(item.group, []))
        groups[-1].aspects.append(_aspect(item))
    return groups


def _aspect(item: SheetAspect) -> AspectView:
    low, high = item.lowest_e4, item.highest_e4
    return AspectView(
        id=item.id,
        kind=item.kind.value,
        kind_word=gettext(KINDS[item.kind]),
        control=item.control.value,
        title=item.title,
        hint=item.hint,
        unit=item.unit,
        max=item.max or "",
        is_measured=item.is_measured,
        descriptors=tuple(item.descriptors),
        zeroes=tuple(item.zeroes),
        low="" if low is None else low,
        high="" if high is None else high,
        grain=item.grain_e4,
        stride=_stride(item),
        range_text=_range(item),
        worth=_worth(item),
        time_unit=TIME_UNITS.get(item.unit, 0) if item.is_measured else 0,
    )


def _worth(item: SheetAspect) -> str:
    """Return how a value becomes points, for the sum that the page may show."""
    how = dict(item.calculation or {})
    return msgspec.json.encode({"of": item.kind.value, "max": item.max or "0", **how}).decode()


def _stride(item: SheetAspect) -> int:
    """Return what one touch of plus adds: half a point where halves are allowed, else the grain."""
    if item.is_measured or HALF_POINT_E4 % item.grain_e4:
        return item.grain_e4
    return HALF_POINT_E4 if item.grain_e4 < E4 else E4


def _range(item: SheetAspect) -> str:
    if item.control is Control.COUNT:
        return gettext(N_("从 0 起数"))
    if item.highest_e4 is None:
        step = decimal_text(item.grain_e4)
        return gettext(N_("精确到 {step}{unit}")).format(step=step, unit=item.unit)
    low, high = decimal_text(item.lowest_e4 or 0), decimal_text(item.highest_e4)
    return gettext(N_("{low} 到 {high}")).format(low=low, high=high)
