"""How the days of a notice were counted, in words."""

from app.web.locale import gettext as _


def counted(missing_years: str | None) -> str:
    """Say what was known of holidays when a notice was opened; None: nothing was looked up."""
    if missing_years is None:
        return _("按周一至周五计，未扣除节假日")
    if missing_years:
        years = _("、").join(missing_years.split())
        return _("未录入 {years} 年放假安排，按周一至周五计").format(years=years)
    return _("已按国家放假安排扣除节假日、计入调休上班日")
