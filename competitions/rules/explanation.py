"""Why am I fourth: one entry's way from raw marks to rank and award, each step with its rule."""

from dataclasses import dataclass
from fractions import Fraction

from competitions.rules.award_steps import award_steps
from competitions.rules.counted import Counted
from competitions.rules.mark_steps import Step
from competitions.rules.module_steps import ModuleSteps, module_steps
from competitions.rules.phrases import number
from competitions.rules.rank_steps import rank_steps, scale_steps, total_steps
from competitions.rules.ranking import Ranked


@dataclass(frozen=True)
class Explanation:
    """The whole way; `item` and `award` are what the standings say."""

    item: Ranked
    award: str | None
    total: str
    modules: tuple[ModuleSteps, ...]
    total_steps: tuple[Step, ...]
    scale_steps: tuple[Step, ...]
    rank_steps: tuple[Step, ...]
    award_steps: tuple[Step, ...]

    @property
    def exact_total(self) -> Fraction:
        """The total as it was counted."""
        return self.item.entry.total


def explain(counted: Counted, code: str) -> Explanation | None:
    """Return an entry's way; None for a code that did not compete or that there is none of."""
    item = counted.ranked_of(code)
    if item is None:
        return None
    return Explanation(
        item=item,
        award=counted.awards.get(code),
        total=number(item.entry.total, counted.counter.rules.total.round),
        modules=module_steps(counted, item.entry),
        total_steps=total_steps(counted, item),
        scale_steps=scale_steps(counted, item),
        rank_steps=rank_steps(counted, item),
        award_steps=award_steps(counted, item),
    )
