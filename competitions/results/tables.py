"""Results: computed, compared, decided, published."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Flag, Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Event


class ResultVersion(Table, tablename="result_version"):
    """One computation of an event's standings; a later one stands beside it, never over it."""

    id: Serial
    event = belongs_to(Event)
    number = Whole()
    bundle = Text()  # JSON, marks-bundle/1
    standings = Text()  # JSON, standings/1
    ledger_root = Text()
    rule_set_sha256 = Text()
    is_agreed = Flag()  # both calculators gave the same
    computed_by = Text()
    computed_at = Instant()
    published_at = Instant(optional=True)
    notice_ends_at = Instant(optional=True)
    notice_missing_years = Text(
        optional=True
    )  # "2026 2027": holidays not known; None: never counted

    result_version_unique = Unique([event, number])


class Comparison(Table, tablename="comparison"):
    """核对: the two calculators over one bundle, when, in which versions, and what differed."""

    id: Serial
    event = belongs_to(Event)
    bundle_sha256 = Text()  # of the bundle's file
    product_version = Text()  # the first of the SHA-256 over the program's source
    recount_version = Text()
    is_agreed = Flag()
    differences = Text()  # JSON list of competitions.rules.agreement.Difference
    bundle = Text()  # JSON, marks-bundle/1, where they differ; empty where they agree
    compared_by = Text()
    compared_at = Instant()


class TieDecision(Table, tablename="tie_decision"):
    """裁定: the order of equal codes where ties are forbidden; a later one stands instead."""

    id: Serial
    event = belongs_to(Event)
    codes = Text()  # JSON, best first
    reason = Text()
    decided_by = Text()
    decided_by_id = Whole(optional=True)
    decided_at = Instant()
    needs_second = Flag(optional=True)  # names were known: it counts once a second confirmed it
    second_by = Text(optional=True)
    second_at = Instant(optional=True)


class ChangeProposal(Table, tablename="change_proposal"):
    """更改提议: what shall replace a locked scheme or rule set, and what became of it."""

    id: Serial
    event = belongs_to(Event)
    number = Whole()  # within the event
    kind = Text()  # rules.proposals.ProposalKind
    name = Text()  # of the proposed rule set; empty for a scheme
    before = Text()  # JSON: the document that it starts from
    after = Text()  # JSON: the proposed document
    after_sha256 = Text()
    scheme_sha256 = Text()  # what counted when it was proposed
    rule_set_sha256 = Text()
    reason = Text()
    proposed_by = Text()
    proposed_by_id = Whole(optional=True)
    proposed_at = Instant()
    status = Text(index=True)  # rules.proposals.ProposalStatus
    first_by = Text(optional=True)  # the first of the two who put it in force
    first_by_id = Whole(optional=True)
    first_duty = Text(optional=True)
    first_at = Instant(optional=True)
    decided_by = Text(optional=True)
    decided_at = Instant(optional=True)
    decision_reason = Text()  # why it was canceled; empty otherwise
    entitled = Text(optional=True)  # JSON: who could vote when it was decided
    effect = Text(optional=True)  # JSON: what it did to every contestant when it was decided
    result_before = Whole(optional=True)  # number of the computation that it replaced
    result_after = Whole(optional=True)  # number of the computation by the new rules

    change_proposal_number_unique = Unique([event, number])


class ProposalVote(Table, tablename="proposal_vote"):
    """A vote on a proposal; whoever changes their mind votes again, and both stay."""

    id: Serial
    proposal = belongs_to(ChangeProposal)
    account_id = Whole()
    name = Text()
    duty = Text()
    vote = Text()  # rules.proposals.Vote
    remark = Text()
    voted_at = Instant()
