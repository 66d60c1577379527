"""The spreadsheet of a marking scheme: one row an aspect, its module beside it, both ways."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.documents.workbooks import Column, Layout, Row
from app.errors import N_, RuleBroken
from app.web import locale
from app.web.locale import gettext as _
from competitions.planning.calculations import calculation_of, words_of
from competitions.planning.numerals import DECIMAL, DECIMALS
from competitions.planning.scheme_rows import said
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.rules.scheme_checks import faults
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

SCHEME = Layout(
    "scheme",
    N_("评分标准"),
    (
        Column(
            "module", N_("模块编号"), is_required=True, hint=N_("例如：A。"), width=10, example="A"
        ),
        Column(
            "module_name", N_("模块名称"), hint=N_("同一模块写一次即可。"), width=18, example="理论"
        ),
        Column("weight", N_("模块权重"), hint=N_("各模块合计 100；都不写按满分相加。"), width=10),
        Column(
            "id", N_("评分点编号"), is_required=True, hint=N_("全表不重复，例如：A1。"), width=12
        ),
        Column(
            "kind",
            N_("类型"),
            is_required=True,
            hint=N_("打分是一人给分，评委打分是多人取平均，评判是 0—3 档。"),
            choices=tuple(KINDS),
            width=12,
        ),
        Column("criterion", N_("评分项"), hint=N_("评分点所属的大项，可以留空。"), width=16),
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
    ),
)


def read_scheme(rows: Sequence[Row]) -> SchemeFacts | None:
    """Read a whole scheme; None where cells carry problems, which are noted in the rows."""
    modules: dict[str, SchemeModule] = {}
    places: dict[str, Row] = {}
    for row in rows:
        _module(row, modules)
        aspect = _aspect(row)
        if row.text("id") in places:
            word = _("编号与第 {number} 行重复。")
            row.wrong("id", word.format(number=places[row.text("id")].number))
        places.setdefault(row.text("id"), row)
        if aspect is not None and row.text("module") in modules:
            old = modules[row.text("module")]
            modules[old.id] = SchemeModule(old.id, old.name, old.weight, (*old.aspects, aspect))
    if any(row.problems for row in rows):
        return None
    scheme = SchemeFacts(tuple(modules.values()))
    for problem in faults(scheme):
        places.get(place_of(problem).id, rows[0]).wrong("id", said(problem))
    return None if any(row.problems for row in rows) else scheme


def _module(row: Row, modules: dict[str, SchemeModule]) -> None:
    key, name, weight = row.text("module"), row.text("module_name"), row.text("weight")
    if weight and not DECIMAL.fullmatch(weight):
        row.wrong("weight", _("应填数字，例如 8.5。"))
    elif key and key not in modules:
        if not name:
            row.wrong("module_name", _("模块第一次出现时要写名称。"))
        modules[key] = SchemeModule(key, name, weight)
    elif key and weight and weight != modules[key].weight:
        row.wrong("weight", _("同一模块的权重前后不一致。"))


def _aspect(row: Row) -> SchemeAspect | None:
    kind = KINDS.get(row.text("kind"), "")
    is_gate, is_judgement = kind == "gate", kind == "judgement"
    _check_numbers(row, kind)
    if is_judgement:
        _check_steps(row)
    calculation = _calculation(row) if kind == "measurement" else None
    if row.problems or not kind:
        return None
    return SchemeAspect(
        id=row.text("id"),
        kind=kind,
        title=row.text("title"),
        max=row.text("max"),
        factor=row.text("factor"),
        criterion=row.text("criterion"),
        hint=row.text("hint"),
        unit=row.text("unit"),
        decimals=int(row.text("decimals") or 2),
        descriptors=tuple(row.text(key) for key in STEPS) if is_judgement else (),
        calculation=calculation,
        zeroes=tuple(_named(row.text("zeroes"))) if is_gate else (),
    )


def _check_numbers(row: Row, kind: str) -> None:
    for key in ("max", "factor"):
        if row.text(key) and not DECIMAL.fullmatch(row.text(key)):
            row.wrong(key, _("应填数字，例如 8.5。"))
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
    for module in scheme.modules:
        for place, aspect in enumerate(module.aspects):
            steps = dict(zip(STEPS, aspect.descriptors, strict=False))
            yield {
                "module": module.id,
                "module_name": module.name if place == 0 else "",
                "weight": module.weight if place == 0 else "",
                "id": aspect.id,
                "kind": KIND_WORDS[aspect.kind],
                "criterion": aspect.criterion,
                "title": aspect.title,
                "max": aspect.max,
                "factor": aspect.factor,
                "unit": aspect.unit,
                "decimals": str(aspect.decimals),
                "calculation": words_of(aspect.calculation),
                "zeroes": "、".join(aspect.zeroes),
                "hint": aspect.hint,
                **steps,
            }
