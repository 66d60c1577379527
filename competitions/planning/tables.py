"""Series, competitions, events, their schemes and rule sets."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Day, Instant, Text, Unique, Whole, belongs_to


class CompetitionSeries(Table, tablename="series"):
    """系列赛事, such as the biennial national one."""

    id: Serial
    name = Text(unique=True)
    created_at = Instant()


class Competition(Table, tablename="competition"):
    """一届大赛."""

    id: Serial
    series = belongs_to(CompetitionSeries, optional=True)
    edition = Whole(optional=True)  # 第几届
    name = Text(unique=True)
    level = Text()  # rules.lifecycle.Level
    host_region = Text(index=True)  # region code
    organizer = Text()  # 主办
    host = Text()  # 承办
    venue = Text()
    starts_on = Day()
    ends_on = Day()
    entries_open_at = Instant()
    entries_close_at = Instant()
    youngest = Whole()  # least age of contestants in years
    oldest = Whole(optional=True)  # greatest age in years; None: the statutory retirement age
    ages_on = Day(optional=True)  # the day on which ages count; None: the first day
    notice = Text()  # 公告
    notice_days = Whole(optional=True)  # 公示: working days; None: the usual rules.notice number
    status = Text(index=True)  # rules.lifecycle.CompetitionStatus
    created_at = Instant()
    version = Whole()


class RuleSetVersion(Table, tablename="rule_set_version"):
    """A rule set's document, once for all events that use it; the first mark locks it."""

    id: Serial
    code = Text()
    version_number = Whole()
    name = Text()
    document = Text()  # JSON, contracts.md section 2 `rule_set`
    sha256 = Text(unique=True)
    created_at = Instant()
    created_by = Text(optional=True)  # None: a preset of the house
    account_id = Whole(optional=True)  # who may go on changing it; no reference, like the journal
    derived_from = Text(optional=True)  # key of the version that it began as a copy of
    locked_at = Instant(optional=True)

    rule_set_version_unique = Unique([code, version_number])


class Event(Table, tablename="event"):
    """赛项 for one division: one field that is ranked."""

    id: Serial
    competition = belongs_to(Competition)
    position = Whole()  # order in lists
    name = Text()
    division = Text()  # rules.lifecycle.Division
    occupation_code = Text(optional=True)
    quota = Whole()  # entries of one delegation
    members = Whole()  # contestants of one entry
    code_levels = Whole()  # 1 to 3: how many times blind codes are drawn
    rule_set = belongs_to(RuleSetVersion)
    status = Text(index=True)  # rules.lifecycle.EventStatus
    version = Whole()

    event_name_unique = Unique([competition, name, division])


class MarkingScheme(Table, tablename="marking_scheme"):
    """评分标准: each change is a version; the newest counts until marking locks it."""

    id: Serial
    event = belongs_to(Event)
    version_number = Whole()
    definition = Text()  # JSON of rules.scheme.SchemeFacts
    sha256 = Text()
    created_by = Text()
    created_at = Instant()
    locked_at = Instant(optional=True)

    marking_scheme_version_unique = Unique([event, version_number])
