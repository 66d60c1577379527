"""The form of a marking scheme: modules one a line, aspects as parallel fields."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from app.errors import N_, RuleBroken, refusal
from app.web.forms import Form
from competitions.planning.calculations import calculation_of, words_of
from competitions.planning.numerals import DECIMAL, DECIMALS
from competitions.rules.scheme import KINDS, SchemeAspect, SchemeFacts, SchemeModule

COLUMNS = (
    "module",
    "id",
    "kind",
    "title",
    "max",
    "factor",
    "unit",
    "decimals",
    "calculation",
    "criterion",
    "descriptors",
    "hint",
)
EMPTY_ROWS = 4


@refusal
class WrongModuleLine(RuleBroken):
    """A module's line has an id, a name and perhaps a weight."""

    says = N_("模块“{line}”写法不对，应为“编号 名称 权重”，例如“A 理论知识 20”。")
    field = "modules"
    line: str


@refusal
class WrongAspectRow(RuleBroken):
    """An aspect's row lacks something."""

    says = N_(
        "第 {number} 行评分点不完整：需要所属模块、编号、类型、名称和满分（否决项不填满分）。"
    )
    field = "aspects"
    number: int


class SchemeForm(Struct, frozen=True):
    """A scheme: modules one a line, aspects as parallel fields."""

    modules: Annotated[str, Meta(title=N_("模块"), max_length=2000)]


def typed_rows(form: Form[SchemeForm]) -> list[dict[str, str]]:
    """Return the aspects as typed, with some empty rows where there are none."""
    columns = {name: form.chosen(f"aspect_{name}") for name in COLUMNS}
    count = max((len(column) for column in columns.values()), default=0) or EMPTY_ROWS
    return [
        {name: column[index] if index < len(column) else "" for name, column in columns.items()}
        for index in range(count)
    ]


def scheme_of(form: Form[SchemeForm]) -> SchemeFacts:
    """Read a scheme from its form; raise `WrongModuleLine` or `WrongAspectRow`."""
    modules = [_module(line) for line in form.data.modules.splitlines() if line.strip()]
    aspects: dict[str, list[SchemeAspect]] = {module.id: [] for module in modules}
    for number, row in enumerate(typed_rows(form), start=1):
        if not any(row[name].strip() for name in ("id", "title", "max")):
            continue
        aspect = aspect_of(row)
        if aspect is None or row["module"].strip() not in aspects:
            raise WrongAspectRow(number)
        aspects[row["module"].strip()].append(aspect)
    return SchemeFacts(
        tuple(
            SchemeModule(item.id, item.name, item.weight, tuple(aspects[item.id]))
            for item in modules
        )
    )


def _module(line: str) -> SchemeModule:
    words = line.split()
    weight = words[-1] if len(words) > 2 and DECIMAL.fullmatch(words[-1]) else ""
    if len(words) < 2:
        raise WrongModuleLine(line.strip())
    return SchemeModule(words[0], " ".join(words[1:-1] if weight else words[1:]), weight)


def aspect_of(row: Mapping[str, str]) -> SchemeAspect | None:
    """Read one aspect; None where it is incomplete, `WrongCalculation` for words nobody knows."""
    given = {name: value.strip() for name, value in row.items()}
    is_gate = given["kind"] == "gate"
    has_points = bool(DECIMAL.fullmatch(given["max"]))
    if not given["id"] or not given["title"] or given["kind"] not in KINDS or has_points == is_gate:
        return None
    if given["factor"] and not DECIMAL.fullmatch(given["factor"]):
        return None
    lines = tuple(line.strip() for line in given["descriptors"].splitlines() if line.strip())
    return SchemeAspect(
        id=given["id"],
        kind=given["kind"],
        title=given["title"],
        max="" if is_gate else given["max"],
        factor=given["factor"] if given["kind"] == "panel" else "",
        criterion=given["criterion"],
        unit=given["unit"],
        decimals=int(given["decimals"]) if given["decimals"] in DECIMALS else 2,
        calculation=calculation_of(given["calculation"])
        if given["kind"] == "measurement"
        else None,
        hint=given["hint"],
        descriptors=lines if given["kind"] == "judgement" else (),
        zeroes=lines if is_gate else (),
    )


def scheme_values(scheme: SchemeFacts) -> dict[str, Any]:
    """Return what the form of a scheme shows."""
    rows = [(module.id, aspect) for module in scheme.modules for aspect in module.aspects]
    plain = ("id", "kind", "title", "max", "factor", "unit", "decimals", "criterion", "hint")
    return {
        "modules": "\n".join(
            f"{item.id} {item.name} {item.weight}".strip() for item in scheme.modules
        ),
        "aspect_module": [module for module, _ in rows],
        **{f"aspect_{name}": [getattr(aspect, name) for _, aspect in rows] for name in plain},
        "aspect_calculation": [words_of(aspect.calculation) for _, aspect in rows],
        "aspect_descriptors": [
            "\n".join(aspect.descriptors or aspect.zeroes) for _, aspect in rows
        ],
    }
