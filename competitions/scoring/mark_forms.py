"""From a marking scheme to the forms that judges mark by."""

from dataclasses import dataclass

from app.rules.mark_sheet import AspectKind, SchemeName, SheetAspect, SheetForm
from competitions.planning.queries import EventLine, SchemeLine
from competitions.rules.scheme import SHARED_KINDS, SchemeAspect

HASH_SHOWN = 12


@dataclass(frozen=True)
class EventForms:
    """The first seat's form, with every aspect, and the others', with what all mark."""

    every: SheetForm
    shared: SheetForm | None


def of_event(line: EventLine, scheme: SchemeLine) -> EventForms:
    """Return the forms of an event; each names the rule set with the start of its hash."""
    rules = f"{line.rule_set_name}（{line.rule_set_sha256[:HASH_SHOWN]}），评分标准"
    name = SchemeName(rules, scheme.version_number, scheme.sha256)
    every = tuple(
        _aspect(aspect, module.name) for module in scheme.facts.modules for aspect in module.aspects
    )
    shared = tuple(item for item in every if item.kind.value in SHARED_KINDS)
    return EventForms(
        SheetForm(line.full_name, name, every),
        SheetForm(line.full_name, name, shared) if shared else None,
    )


def _aspect(aspect: SchemeAspect, module: str) -> SheetAspect:
    return SheetAspect(
        id=aspect.id,
        kind=AspectKind(aspect.kind),
        title=aspect.title,
        max=aspect.max or None,
        hint=" · ".join(filter(None, (aspect.requirement, aspect.hint))),
        unit=aspect.unit,
        decimals=aspect.decimals,
        descriptors=aspect.descriptors,
        calculation=aspect.calculation,
        zeroes=aspect.zeroes,
        group=" ".join(filter(None, (module, aspect.criterion, aspect.sub_criterion))),
    )
