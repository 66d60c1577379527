"""Why am I fourth: an entry's explanation put into words, for the page and for paper."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from anyio import to_thread

from app.documents import typesetting
from app.rules.mark_sheet import MarkState
from app.web import locale
from app.web.locale import gettext as _
from app.web.locale import label
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.results import pictures, queries
from competitions.results.queries import PlaceLine, ResultLine
from competitions.results.wording import Names, spoken
from competitions.rules import analysis, explanation
from competitions.rules.bundle import Bundle
from competitions.rules.counted import Counted
from competitions.rules.explanation import Explanation
from competitions.rules.mark_steps import AspectSteps, Step
from competitions.rules.module_steps import ModuleSteps
from competitions.rules.ranking import Decisions

TEMPLATE = "explanation.typ"
KEPT = 4
"""How many counted events are kept: a page is asked for by every contestant of an event."""
_kept: OrderedDict[str, Counted] = OrderedDict()

Document = dict[str, Any]


async def counted_of(line: EventLine, result: ResultLine) -> Counted:
    """Count a kept computation again; it counted when it was kept."""
    decided = await queries.decisions(line.id)
    key = f"{result.bundle_sha256} {decided}"
    if key not in _kept:
        _kept[key] = await to_thread.run_sync(partial(_counted, result.bundle, decided))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def _counted(bundle: Mapping[str, Any], decided: Decisions) -> Counted:
    found = Counted.of(msgspec.convert(bundle, Bundle), decided)
    assert isinstance(found, Counted), found
    return found


async def explained(line: EventLine, result: ResultLine, code: str) -> Document | None:
    """Return an entry's explanation in words; None where there is no such code.

    Other entries go by their code while the code book is sealed, then by name as published.
    """
    places = await queries.places(line, result)
    place = next((item for item in places if item.code == code), None)
    if place is None:
        return None
    scheme = await planning.scheme(line.id)
    names = Names(
        codes={item.code: item.names for item in places if item.names},
        aspects={item.id: item.title for item in scheme.facts.aspects()} if scheme else {},
    )
    counted = await counted_of(line, result)
    why = explanation.explain(counted, code)
    return {
        "code": code,
        "names": place.names,
        "delegation": place.party,
        "figures": _figures(place),
        "absence": label(place.absence) if place.absence else "",
        **(_way(why, names) if why else {}),
        "profile": pictures.modules(analysis.module_shares(counted, code)) if why else "",
    }


async def printed(line: EventLine, result: ResultLine, document: Document) -> bytes:
    """Return an explanation as a PDF."""
    words = {
        "heading": _("成绩说明"),
        "page": _("第 {page} / {pages} 页"),
        "aspect": _("评分点"),
        "marks": _("裁判打分"),
        "how": _("怎样得出"),
        "mark": _("得分"),
        "way": _("得分经过"),
        "place": _("名次和奖项"),
        "sum": _("总分怎样得出"),
        "colon": _("："),
        "open": _("（"),
        "close": _("）"),
        "dropped": _("（ ）内的分数按规则去掉，不计入平均。"),
    }
    event = f"{line.name}{_('（')}{label(line.division)}{_('）')}"
    title = {"event": event, "competition": line.competition}
    marks = _("评分规则 {rule_set}，评分账册 {ledger}，第 {number} 次计算").format(
        rule_set=f"{line.rule_set_code} {result.rule_set_sha256[:16]}",
        ledger=result.ledger_root[:16],
        number=result.number,
    )
    who = document["names"] or _("加密号 {code}").format(code=document["code"])
    return await typesetting.rendered(
        TEMPLATE,
        document
        | {"lang": locale.current(), "profile": "", "who": who, "words": words}
        | {"title": title, "foot": marks},
    )


def _figures(place: PlaceLine) -> list[tuple[str, str]]:
    rank = _("待裁定") if place.is_undecided else str(place.rank or "—")
    scale = [(_("换算分"), str(place.scale))] if place.scale is not None else []
    award = [(_("奖项"), _(place.award_word))] if place.award else []
    return [(_("名次"), rank), (_("总分"), place.total or "—"), *scale, *award]


def _way(why: Explanation, names: Names) -> Document:
    return {
        "modules": [_module(item, names) for item in why.modules],
        "total": _lines(why.total_steps, names),
        "scale": _lines(why.scale_steps, names),
        "rank": _lines(why.rank_steps, names),
        "award": _lines(why.award_steps, names),
    }


def _module(item: ModuleSteps, names: Names) -> Document:
    return {
        "name": item.name,
        "points": item.points,
        "aspects": [_aspect(aspect, names) for aspect in item.aspects],
        "steps": _lines(item.steps, names),
    }


def _aspect(item: AspectSteps, names: Names) -> Document:
    return {
        "title": names.aspect(item.id),
        "most": item.most,
        "mark": item.mark,
        "marks": [
            {
                "judge": one.judge,
                "value": one.value if one.state is None else label(MarkState(one.state.value)),
                "dropped": one.is_dropped,
            }
            for one in item.values
        ],
        "steps": _lines(item.steps, names),
    }


def _lines(steps: Sequence[Step], names: Names) -> list[dict[str, str]]:
    return [
        {
            "how": spoken(step.how, names),
            "value": step.value,
            "rule": spoken(step.rule, names) if step.rule else "",
        }
        for step in steps
    ]
