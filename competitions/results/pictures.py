"""The charts of an event's points: each with its message as the title, for the table beside it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from markupsafe import Markup

from app.documents import charts
from app.documents.charts import Axis, Column, Frame, Row
from app.rules.points import fixed, rounded, shown
from app.web.locale import gettext as _
from competitions.rules.analysis import AspectShare, Bin, ModuleShare
from competitions.rules.rule_set import Rounding

TENTH = Rounding(1, "half_up")
FULL = Axis(
    Fraction(0), Fraction(1), tuple((Fraction(at, 4), f"{at * 25}%") for at in (0, 1, 2, 3, 4))
)
HARDEST = 12
"""Aspects in a chart; the table has them all."""


def percent(share: Fraction | None, *, is_signed: bool = False) -> str:
    """Write a share in hundredths with one decimal; with its sign where it is a difference."""
    if share is None:
        return ""
    value = rounded(abs(share) * 100, TENTH)
    sign = "−" if share < 0 and value else "+" if is_signed and value else ""
    return f"{sign}{shown(value, TENTH)}"


def totals(bins: Sequence[Bin], middle: Fraction) -> Markup:
    """Show how many contestants reached which totals."""
    if not bins:
        return Markup()
    most = max(bins, key=lambda item: item.count)
    title = _("{low} 到 {high} 分的人最多，中位数 {middle}").format(
        low=shown(most.low, "exact"),
        high=shown(most.high, "exact"),
        middle=fixed(rounded(middle, TENTH), 1),
    )
    about = _("每一列是总分落在这一段的人数，列下写着这一段从几分起。")
    items = [Column(shown(item.low, "exact"), item.count, item is most) for item in bins]
    return charts.columns(Frame("totals", title, about), items)


def modules(shares: Sequence[ModuleShare]) -> Markup:
    """Show which modules gave the field most of their points, or one contestant beside it."""
    if not shares:
        return Markup()
    has_own = shares[0].own is not None
    title = _own_message(shares) if has_own else _module_message(shares)
    about = (
        _("条是本人得到的比例，竖线是全体的中位数。")
        if has_own
        else _("条是全体得分比例的中位数。")
    )
    items = [
        Row(
            item.name,
            percent(item.typical if item.own is None else item.own) + "%",
            bar=item.typical if item.own is None else item.own,
            reference=None if item.own is None else item.typical,
        )
        for item in shares
    ]
    return charts.rows(Frame("modules", title, about), FULL, items)


def _module_message(shares: Sequence[ModuleShare]) -> str:
    worst = min(shares, key=lambda item: item.typical)
    return _("“{name}”失分最多：中位数只得到 {share}%").format(
        name=worst.name, share=percent(worst.typical)
    )


def _own_message(shares: Sequence[ModuleShare]) -> str:
    apart = [(item.name, (item.own or Fraction(0)) - item.typical) for item in shares]
    best, worst = max(apart, key=lambda item: item[1]), min(apart, key=lambda item: item[1])
    if worst[1] < 0 < best[1]:
        return _("“{best}”好于多数人，“{worst}”不及多数人").format(best=best[0], worst=worst[0])
    if best[1] > 0:
        return _("“{best}”好于多数人最多").format(best=best[0])
    if worst[1] < 0:
        return _("“{worst}”离多数人最远").format(worst=worst[0])
    return _("各模块都与多数人相当")


def aspects(shares: Sequence[AspectShare], titles: Mapping[str, str]) -> Markup:
    """Show the hardest aspects."""
    if not shares:
        return Markup()
    worst = shares[0]
    title = _("最难的是“{aspect}”，平均只得到 {share}%").format(
        aspect=titles.get(worst.id, worst.id), share=percent(worst.mean)
    )
    about = _("点是全体的平均得分比例，从最难的起，最多 {count} 项。").format(count=HARDEST)
    items = [
        Row(
            titles.get(item.id, item.id),
            percent(item.mean) + "%",
            dots=(item.mean,),
            is_loud=item is worst,
        )
        for item in shares[:HARDEST]
    ]
    return charts.rows(Frame("aspects", title, about), FULL, items)
