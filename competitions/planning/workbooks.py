"""The spreadsheet of a marking scheme: one row an aspect, its module beside it, both ways."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.documents.workbooks import Column, Layout, Row
from app.errors import N_, RuleBroken
from app.web import locale
from app.web.locale import gettext as _
from competitions.planning.calculations import calculation_of, words_of
from competitions.planning.numerals import DECIMALS, plain
from competitions.planning.scheme_rows import WRONG_NUMBER, read_sections, said, sections_text
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from competitions.rules.scheme_checks import faults
from competitions.rules.scheme_ids import next_id
from competitions.rules.scheme_parts import place_of

KINDS = {
    N_("打分"): "points",
    N_("测量"): "measurement",
    N_("评判"): "judgement",
    N_("评委打分"): "panel",
    N_("否决项"): "gate",
}
KIND_WORDS = {kind: word for word, kind in KINDS.items()}
STEPS = {
    "step_0": N_("0 分描述"),
    "step_1": N_("1 分描述"),
    "step_2": N_("2 分描述"),
    "step_3": N_("3 分描述"),
}
TEXTS = (
    "title", "criterion", "sub_criterion", "hint", "unit", "requirement", "day", "section",
)  # fmt: skip
CELLS = {"name": "title", "descriptors": "step_0"}

SCHEME = Layout(
    "scheme",
    N_("评分标准"),
    (
        Column(
            "module",
            N_("模块编号"),
            is_required=True,
            hint=N_("例如：A。"),
            formerly=("Module number",),
            width=10,
            example="A",
        ),
        Column(
            "module_name", N_("模块名称"), hint=N_("同一模块写一次即可。"), width=18, example="理论"
        ),
        Column("weight", N_("模块权重"), hint=N_("各模块合计 100；都不写按满分相加。"), width=10),
        Column("id", N_("评分点编号"), hint=N_("全表不重复，例如：A1；留空则自动编号。"), width=12),
        Column(
            "kind",
            N_("类型"),
            is_required=True,
            hint=N_("打分是一人给分，评委打分是多人取平均，评判是 0—3 档。"),
            choices=tuple(KINDS),
            width=12,
        ),
        Column("criterion", N_("评分项"), hint=N_("评分点所属的大项，可以留空。"), width=16),
        Column("sub_criterion", N_("评分子项"), hint=N_("大项下面的小项，可以留空。"), width=16),
        Column("title", N_("评分点"), is_required=True, hint=N_("裁判看到的文字。"), width=36),
        Column("max", N_("满分"), hint=N_("否决项不填。"), width=8),
        Column("factor", N_("系数"), hint=N_("只有评委打分可填。"), width=8),
        Column("unit", N_("计量单位"), width=8),
        Column("decimals", N_("小数位"), choices=DECIMALS, width=8),
        Column(
            "calculation",
            N_("测量计算方式"),
            hint=N_("是否；每错扣 0.25；标准 100：±0.5 得 2。"),
            width=30,
        ),
        *(
            Column(key, title, hint=N_("评判项必须写明四档。"), width=22)
            for key, title in STEPS.items()
        ),
        Column(
            "zeroes",
            N_("否决的评分点"),
            hint=N_("否决项填写，用顿号隔开，例如：B2、B3。"),
            width=16,
        ),
        Column("hint", N_("评分说明"), width=30),
        Column("requirement", N_("要求或标称尺寸"), width=16),
        Column("day", N_("评分日"), width=8),
        Column("section", N_("标准板块"), hint=N_("板块的编号，选填。"), width=10),
        Column(
            "sections",
            N_("标准板块表"),
            hint=N_("只写在第一行：编号 名称 权重，用分号隔开，例如：1 工作组织 5；2 制作 95。"),
            width=30,
        ),
    ),
)


def read_scheme(rows: Sequence[Row], *, taken: Iterable[str] = ()) -> SchemeFacts | None:
    """Read a whole scheme; None where cells carry problems, which are noted in the rows.

    An aspect without an identifier gets one that neither a row nor `taken` has.
    """
    modules: dict[str, SchemeModule] = {}
    places: dict[str, Row] = {}
    names = {*taken, *(row.text("id") for row in rows)}
    for row in rows:
        _module(row, modules)
        key = row.text("id") or next_id(row.text("module"), names)
        names.add(key)
        aspect = _aspect(row, key)
        if key in places:
            word = _("编号与第 {number} 行重复。")
            row.wrong("id", word.format(number=places[key].number))
        places.setdefault(key, row)
        if aspect is not None and row.text("module") in modules:
            old = modules[row.text("module")]
            modules[old.id] = replace(old, aspects=(*old.aspects, aspect))
    sections = _sections(rows[0])
    if any(row.problems for row in rows):
        return None
    scheme = SchemeFacts(tuple(modules.values()), sections)
    for problem in faults(scheme):
        place = place_of(problem)
        cell = "sections" if place.part == "section" else CELLS.get(place.field, place.field)
        row = places.get(place.id, rows[0]) if place.part == "aspect" else rows[0]
        row.wrong(cell or "id", said(problem))
    return None if any(row.problems for row in rows) else scheme


def _sections(row: Row) -> tuple[SchemeSection, ...]:
    try:
        return read_sections(row.text("sections").replace("；", "\n").replace(";", "\n"))
    except RuleBroken as refusal:
        row.wrong("sections", locale.sentence(refusal))
        return ()


def _module(row: Row, modules: dict[str, SchemeModule]) -> None:
    key, name = row.text("module"), row.text("module_name")
    weight = _number(row, "weight")
    if key and key not in modules:
        if not name:
            row.wrong("module_name", _("模块第一次出现时要写名称。"))
        modules[key] = SchemeModule(key, name, weight)
    elif key and weight and weight != modules[key].weight:
        row.wrong("weight", _("同一模块的权重前后不一致。"))


def _number(row: Row, key: str) -> str:
    number = plain(row.text(key))
    if row.text(key) and not number:
        row.wrong(key, _(WRONG_NUMBER))
    return number


def _aspect(row: Row, key: str) -> SchemeAspect | None:
    kind = KINDS.get(row.text("kind"), "")
    is_gate, is_judgement = kind == "gate", kind == "judgement"
    most, factor = _number(row, "max"), _number(row, "factor")
    _check_numbers(row, kind)
    if is_judgement:
        _check_steps(row)
    calculation = _calculation(row) if kind == "measurement" else None
    if row.problems or not kind:
        return None
    return SchemeAspect(
        id=key,
        kind=kind,
        max=most,
        factor=factor,
        decimals=int(row.text("decimals") or 2),
        descriptors=tuple(row.text(name) for name in STEPS) if is_judgement else (),
        calculation=calculation,
        zeroes=tuple(_named(row.text("zeroes"))) if is_gate else (),
        **{name: row.text(name) for name in TEXTS},
    )


def _check_numbers(row: Row, kind: str) -> None:
    if kind == "gate" and row.text("max"):
        row.wrong("max", _("否决项不填满分。"))
    if kind not in {"gate", ""} and not row.text("max"):
        row.wrong("max", _("必须填写。"))
    if kind not in {"panel", ""} and row.text("factor"):
        row.wrong("factor", _("只有评委打分可以有系数。"))


def _check_steps(row: Row) -> None:
    for key in STEPS:
        if not row.text(key):
            row.wrong(key, _("评判项应写明 0、1、2、3 四档的描述。"))


def _calculation(row: Row) -> dict[str, Any] | None:
    try:
        return calculation_of(row.text("calculation"))
    except RuleBroken as refusal:
        row.wrong("calculation", locale.sentence(refusal))
        return None


def _named(text: str) -> Iterator[str]:
    for part in text.replace("，", "、").replace(",", "、").replace("；", "、").split("、"):
        if part.strip():
            yield part.strip()


def scheme_cells(scheme: SchemeFacts) -> Iterator[dict[str, Any]]:
    """Yield a scheme as cells of `SCHEME`; reading them again gives the same scheme."""
    sections = "；".join(sections_text(scheme).splitlines())
    for module in scheme.modules:
        for place, aspect in enumerate(module.aspects):
            is_first = place == 0
            yield {
                "module": module.id,
                "module_name": module.name if is_first else "",
                "weight": module.weight if is_first else "",
                "id": aspect.id,
                "kind": KIND_WORDS[aspect.kind],
                "max": aspect.max,
                "factor": aspect.factor,
                "decimals": str(aspect.decimals),
                "calculation": words_of(aspect.calculation),
                "zeroes": "、".join(aspect.zeroes),
                "sections": sections if is_first and module is scheme.modules[0] else "",
                **{name: getattr(aspect, name) for name in TEXTS},
                **dict(zip(STEPS, aspect.descriptors, strict=False)),
            }
