"""What a proposal wants: one document in another's place, and what differs between them."""

from typing import Any

import msgspec

from competitions.planning.queries import EventLine
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.rules.proposals import ProposalKind
from competitions.rules.rule_set import RuleSet
from competitions.rules.scheme import SchemeFacts, digest, document_of


class Wish(msgspec.Struct, frozen=True):
    """What shall take whose place; both whole documents."""

    kind: ProposalKind
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    after_sha256: str

    @property
    def schemes(self) -> tuple[SchemeFacts, SchemeFacts]:
        """Return both schemes, where one shall take another's place."""
        before, after = (msgspec.convert(item, SchemeFacts) for item in (self.before, self.after))
        return before, after

    @property
    def rule_sets(self) -> tuple[RuleSet, RuleSet]:
        """Return both rule sets, where one shall take another's place."""
        before, after = (msgspec.convert(item, RuleSet) for item in (self.before, self.after))
        return before, after


def scheme_wish(before: SchemeFacts, after: SchemeFacts) -> Wish:
    """Return the wish for another scheme."""
    documents = document_of(before), document_of(after)
    return Wish(ProposalKind.SCHEME, "", *documents, digest(documents[1]))


def rule_set_wish(line: EventLine, new: RuleSetLine) -> Wish:
    """Return the wish for another rule set."""
    return Wish(ProposalKind.RULE_SET, new.name, line.rule_set, new.document, new.sha256)
