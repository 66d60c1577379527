"""How the days of a notice are counted, in words."""

from datetime import date, datetime

import msgspec

from app.holidays import queries
from app.rules.notice import last_day
from app.web.locale import gettext as _


class ComingNotice(msgspec.Struct, frozen=True):
    """The notice that a publication of this moment would open."""

    days: int
    until: date
    missing_years: str


async def coming_notice(working_days: int, at: datetime) -> ComingNotice:
    """Return what publishing now would announce."""
    period = await queries.notice(at, working_days)
    return ComingNotice(working_days, last_day(period.closes_at), period.missing_text)


def how_counted(missing_years: str | None) -> str:
    """Say what was known of holidays when a notice was opened; None: nothing was looked up."""
    if missing_years is None:
        return _("按周一至周五计，未扣除节假日")
    if missing_years:
        years = _("、").join(missing_years.split())
        return _("未录入 {years} 年放假安排，按周一至周五计").format(years=years)
    return _("已按国家放假安排扣除节假日、计入调休上班日")
