"""Published grades: what was decided, from which ledger state."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Instant, Text, Unique, Whole, belongs_to
from assessments.enrollment.tables import Candidate
from assessments.sittings.tables import Sitting


class SittingGrading(Table, tablename="sitting_grading"):
    """One grading of a sitting; a later one stands beside it, never over it."""

    id: Serial
    sitting = belongs_to(Sitting)
    number = Whole()  # 1, 2, …
    ledger_root = Text()  # hex: the marks it was computed from
    graded_by = Text()
    graded_at = Instant()
    reason = Text()
    published_at = Instant(optional=True)  # since when the public reads it, or read it once

    one_number = Unique([sitting, number])


class CandidateGrade(Table, tablename="candidate_grade"):
    """A candidate's grade in one grading."""

    id: Serial
    grading = belongs_to(SittingGrading)
    candidate = belongs_to(Candidate)
    candidate_number = Text()
    outcome = Text()  # rules.grading.Outcome
    score_e4 = Whole(
        optional=True
    )  # 1/10,000 of a point, half up; None for absent and disqualified
    detail = Text()  # JSON: exact score, by task, by examiner

    one_candidate = Unique([grading, candidate])
