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
    decided_at = Instant()
