"""The forms of planning: what was typed becomes the plan of a competition or of an event."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.errors import N_, RuleBroken, refusal
from app.people.queries import region_code_of
from app.rules.notice import FEWEST_DAYS, MOST_DAYS, WORKING_DAYS
from competitions.planning.actions import CompetitionPlan
from competitions.planning.events import EventPlan
from competitions.planning.queries import CompetitionLine
from competitions.rules.blind_codes import MOST_LEVELS
from competitions.rules.eligibility import YOUNGEST
from competitions.rules.lifecycle import CompetitionStatus, Division, Level


@refusal
class UnknownHostRegion(RuleBroken):
    """A host region is one of the table, by name or code."""

    says = N_("没有“{text}”这个地区，或有几个同名的。请从列表中选择，或填六位区划代码。")
    field = "host_region"
    text: str


class CompetitionForm(Struct, frozen=True):
    """A competition's facts."""

    name: Annotated[str, Meta(title=N_("大赛名称"), max_length=60)]
    level: Annotated[Level, Meta(title=N_("级别"))]
    host_region: Annotated[str, Meta(title=N_("举办地"), max_length=60)]
    organizer: Annotated[str, Meta(title=N_("主办单位"), max_length=80)]
    host: Annotated[str, Meta(title=N_("承办单位"), max_length=80)]
    venue: Annotated[str, Meta(title=N_("赛场"), max_length=80)]
    starts_on: Annotated[date, Meta(title=N_("开赛日期"))]
    ends_on: Annotated[date, Meta(title=N_("结束日期"))]
    entries_open_at: Annotated[datetime, Meta(title=N_("报名开始"))]
    entries_close_at: Annotated[datetime, Meta(title=N_("报名截止"))]
    youngest: Annotated[int, Meta(title=N_("最小年龄"), ge=0, le=100)] = YOUNGEST
    oldest: Annotated[Annotated[int, Meta(ge=0, le=120)] | None, Meta(title=N_("最大年龄"))] = None
    ages_on: Annotated[date | None, Meta(title=N_("年龄计算日"))] = None
    notice: Annotated[str, Meta(title=N_("公告"), max_length=5000)] = ""
    notice_days: Annotated[int, Meta(title=N_("公示的工作日数"), ge=FEWEST_DAYS, le=MOST_DAYS)] = (
        WORKING_DAYS
    )
    series: Annotated[str, Meta(title=N_("系列"), max_length=60)] = ""
    edition: Annotated[int | None, Meta(title=N_("届次"))] = None
    version: int = 0

    def plan(self) -> CompetitionPlan:
        """Return the plan of the form; raise `UnknownHostRegion`."""
        region = region_code_of(self.host_region)
        if region is None:
            raise UnknownHostRegion(self.host_region)
        given = {name: getattr(self, name) for name in CompetitionPlan.__struct_fields__}
        return CompetitionPlan(**given | {"host_region": region})


class EventForm(Struct, frozen=True):
    """An event's facts."""

    name: Annotated[str, Meta(title=N_("赛项名称"), max_length=40)]
    division: Annotated[Division, Meta(title=N_("组别"))]
    rule_set: Annotated[str, Meta(title=N_("评分规则"), max_length=60)]
    occupation_code: Annotated[
        str, Meta(title=N_("职业代码"), pattern=r"^\d-\d{2}-\d{2}-\d{2}$")
    ] = ""
    quota: Annotated[int, Meta(title=N_("每队名额"), ge=1, le=200)] = 1
    members: Annotated[int, Meta(title=N_("每队人数"), ge=1, le=20)] = 1
    code_levels: Annotated[int, Meta(title=N_("加密级数"), ge=1, le=MOST_LEVELS)] = 1
    version: int = 0

    def plan(self) -> EventPlan:
        """Return the plan of the form."""
        return EventPlan(
            name=self.name,
            division=self.division,
            rule_set=self.rule_set,
            occupation_code=self.occupation_code or None,
            quota=self.quota,
            members=self.members,
            code_levels=self.code_levels,
        )


class EventCopyForm(Struct, frozen=True):
    """What a copied event is called."""

    name: Annotated[str, Meta(title=N_("赛项名称"), max_length=40)]
    division: Annotated[Division, Meta(title=N_("组别"))]


class SourceForm(Struct, frozen=True):
    """What to copy from."""

    source: Annotated[int, Meta(title=N_("复制来源"))]


class CompetitionFilter(Struct, frozen=True):
    """Which competitions; empty fields filter nothing."""

    q: str = ""
    level: str = ""
    status: str = ""

    def kept(self, lines: Iterable[CompetitionLine]) -> list[CompetitionLine]:
        """Return the competitions that match."""
        word = self.q.strip()
        return [
            line
            for line in lines
            if (not word or word in line.name or word in line.host_name or word in line.organizer)
            and (not self.level or line.level == self.level)
            and (not self.status or line.status == self.status)
        ]


class StepForm(Struct, frozen=True):
    """A step of a competition that was seen in this version."""

    wanted: Annotated[CompetitionStatus, Meta(title=N_("下一步"))]
    version: int
