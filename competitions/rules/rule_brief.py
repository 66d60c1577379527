"""A rule set in a few words, for lists and choices; and where the usual numbers come from."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_
from competitions.rules.phrases import Phrase
from competitions.rules.rule_book import (
    AWARDS,
    JUDGEMENT,
    PANEL,
    RANKING,
    ROUNDING,
    SCALE,
)
from competitions.rules.rule_set import NoAwards, NoScale, RuleSet, TierAwards, WorldSkillsAwards

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        PANEL: N_("来源：国内职业技能竞赛评分办法的通行做法"),
        JUDGEMENT: N_("来源：世界技能大赛的评判办法"),
        ROUNDING: N_("来源：由本规则约定，各地的舍入先后并不相同"),
        SCALE: N_("来源：换算办法出自世界技能大赛"),
        RANKING: N_("来源：国家级和省级大赛的名次规定"),
        AWARDS: N_("来源：赛事通知的奖项设置"),
    }
)
"""By section of the rule book; a rule set may depart from it wherever it says so."""


def brief(rules: RuleSet) -> list[Phrase]:
    """Return what tells rule sets apart: drops, scale, ties, awards."""
    panel = rules.panel
    drops = {"highest": panel.drop_highest, "lowest": panel.drop_lowest}
    found = [
        Phrase(N_("去 {highest} 高 {lowest} 低"), drops)
        if any(drops.values())
        else Phrase(N_("不去分")),
    ]
    if not isinstance(rules.scale, NoScale):
        found.append(Phrase(N_("换算到 {centre} 分"), {"centre": rules.scale.centre}))
    found.append(Phrase(N_("不许并列") if rules.ranking.ties == "forbidden" else N_("可以并列")))
    return [*found, _awards(rules.awards)]


def _awards(awards: NoAwards | TierAwards | WorldSkillsAwards) -> Phrase:
    if isinstance(awards, TierAwards):
        labels = " / ".join(tier.label for tier in awards.tiers)
        return Phrase(
            N_("{count} 档奖项：{labels}"), {"count": len(awards.tiers), "labels": labels}
        )
    if isinstance(awards, WorldSkillsAwards):
        return Phrase(N_("奖牌分差 {tau}"), {"tau": awards.tie_threshold})
    return Phrase(N_("不设奖"))
