"""The charts of how judges mark beside each other, and what they say in a sentence."""

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup

from app.documents import charts
from app.documents.charts import Axis, Frame, Row, Series
from app.rules.points import whole
from app.web.locale import gettext as _
from competitions.results.pictures import percent
from competitions.rules.fairness import PARTS, JudgeLine, loudest


def severity(lines: Sequence[JudgeLine]) -> Markup:
    """Show how far each judge lies from the panel."""
    known = [line for line in lines if line.severity is not None and line.box is not None]
    if not known:
        return Markup()
    found = loudest([(line.judge, line.severity) for line in known])
    loud = found[0] if found else ""
    about = _("盒子是中间一半的打分与评委平均之差，横线从最低到最高，竖线是中位数，点是平均。")
    axis = _around_zero([one for line in known for one in line.box or ()])
    items = [
        Row(
            line.judge,
            percent(line.severity, is_signed=True),
            box=line.box,
            dots=(line.severity or Fraction(0),),
            is_loud=line.judge == loud,
        )
        for line in known
    ]
    return charts.rows(Frame("severity", severity_message(lines), about), axis, items)


def _around_zero(values: Sequence[Fraction]) -> Axis:
    """Return an axis of hundredths that reaches as far to either side as any value."""
    edge = max(1, whole(max(map(abs, values)) * 100, "up"))
    ticks = (
        (Fraction(-edge, 100), f"−{edge}"),
        (Fraction(0), "0"),
        (Fraction(edge, 100), f"+{edge}"),
    )
    return Axis(ticks[0][0], ticks[-1][0], ticks)


def severity_message(lines: Sequence[JudgeLine]) -> str:
    """Say in a sentence who marks lower or higher than the panel."""
    if all(line.severity is None for line in lines):
        return _("样本不足，还不能说谁偏严或偏宽")
    found = loudest([(line.judge, line.severity) for line in lines])
    if found is None:
        return _("各裁判与评委平均都接近，相差不到 1 个百分点")
    judge, value = found
    says = (
        _("{judge} 比评委平均低 {points} 个百分点，偏严最多")
        if value < 0
        else _("{judge} 比评委平均高 {points} 个百分点，偏宽最多")
    )
    return says.format(judge=judge, points=percent(abs(value)))


def drift(lines: Sequence[JudgeLine]) -> Markup:
    """Show how each judge's distance from the panel moves over the day."""
    known = [line for line in lines if line.parts]
    if not known:
        return Markup()
    found = loudest([(line.judge, line.drift) for line in known])
    about = _("每条线是一名裁判按打分先后分成五段，每段与评委平均之差，单位是百分点。")
    items = [
        Series(line.judge, line.parts, is_loud=found is not None and line.judge == found[0])
        for line in known
    ]
    return charts.lines(
        Frame("drift", drift_message(lines), about),
        _around_zero([one for line in known for one in line.parts]),
        [_("第 {part} 段").format(part=at + 1) for at in range(PARTS)],
        items,
    )


def drift_message(lines: Sequence[JudgeLine]) -> str:
    """Say in a sentence whose marks rise or fall over the day."""
    if all(line.drift is None for line in lines):
        return _("样本不足，还不能说谁前后不一")
    found = loudest([(line.judge, line.drift) for line in lines])
    if found is None:
        return _("没有裁判前后明显变宽或变严")
    judge, value = found
    says = (
        _("{judge} 后来比开始时严了 {points} 个百分点")
        if value < 0
        else _("{judge} 后来比开始时宽了 {points} 个百分点")
    )
    return says.format(judge=judge, points=percent(abs(value)))
