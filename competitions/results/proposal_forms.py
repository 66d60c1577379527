"""What is typed about a proposal: its reason, a vote, why it is canceled."""

from typing import Annotated

from msgspec import Meta, Struct

from app.errors import N_
from competitions.planning.rule_set_forms import RuleSetForm
from competitions.planning.scheme_forms import SchemeForm
from competitions.rules.proposals import Vote

REASON = Annotated[str, Meta(title=N_("原因和依据"), max_length=1000)]


class SchemeProposalForm(SchemeForm, frozen=True):
    """A scheme's grid, and why it shall take the other's place; `act` also asks for a preview."""

    reason: REASON = ""


class RuleSetProposalForm(Struct, frozen=True):
    """Which rule set shall decide, and why."""

    rule_set: Annotated[str, Meta(title=N_("改用的评分规则"), max_length=200)]
    reason: REASON
    act: str = ""


class VoteForm(Struct, frozen=True):
    """A vote."""

    vote: Annotated[Vote, Meta(title=N_("意见"))]
    remark: Annotated[str, Meta(title=N_("说明"), max_length=400)] = ""


class NumbersProposalForm(RuleSetForm, frozen=True):
    """The numbers of a rule set, and why they shall count."""

    reason: REASON = ""


class CancelForm(Struct, frozen=True):
    """Why a proposal is canceled."""

    why: Annotated[str, Meta(title=N_("撤回的原因"), max_length=400)]
