"""Sites, sittings, rooms and the examiners dispatched to them."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.accounts.tables import Account
from app.people.tables import Organization, Person
from app.storage.columns import Day, Flag, Instant, Text, Unique, Whole, belongs_to
from assessments.specifications.tables import AbilitySpecification


class Sitting(Table, tablename="sitting"):
    """考核批次: one specification, one site, one day or a few."""

    id: Serial
    code = Text(unique=True)  # prefix of the candidates' numbers, e.g. "2611A"
    name = Text()
    specification = belongs_to(AbilitySpecification)  # the version it used, for ever
    institution = belongs_to(Organization)  # 考核机构: who runs it
    issuer = belongs_to(Organization)  # 发证机构
    site = belongs_to(Organization)  # 考点
    region_code = Text(index=True)
    address = Text()
    starts_at = Instant()
    ends_at = Instant()
    enrollment_closes_at = Instant()
    status = Text(index=True)  # rules.lifecycle.SittingStatus
    filing_number = Text(optional=True)  # 报备编号
    instructions = Text()  # 考生须知, one a line
    published_at = Instant(optional=True)
    notice_days = Whole(optional=True)  # 公示: working days; None: the usual rules.notice number
    notice_ends_at = Instant(optional=True)
    notice_missing_years = Text(
        optional=True
    )  # "2026 2027": holidays not known; None: never counted
    created_at = Instant()
    version = Whole()


class AssessmentRoom(Table, tablename="assessment_room"):
    """考场 with its stations."""

    id: Serial
    sitting = belongs_to(Sitting)
    name = Text()
    stations = Whole()

    one_name = Unique([sitting, name])


class Dispatch(Table, tablename="dispatch"):
    """派遣: an examiner or quality supervisor sent to a sitting; withdrawn, never deleted."""

    id: Serial
    sitting = belongs_to(Sitting)
    account = belongs_to(Account)
    person = belongs_to(Person, optional=True)
    duty = Text()  # Duty.EXAMINER or Duty.QUALITY_SUPERVISOR
    seat = Text(optional=True)  # "E1", "E2" … for examiners
    is_lead = Flag()
    employer = Text()
    card_number = Text(optional=True)
    card_valid_until = Day(optional=True)
    dispatched_at = Instant()
    withdrawn_at = Instant(optional=True)

    one_account = Unique([sitting, account, duty])
