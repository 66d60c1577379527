"""How firm the awards are, tried in a process of its own and kept by the bundle's hash."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from anyio import CapacityLimiter, to_process

from app.errors import N_
from app.web import background
from app.web.locale import gettext as _
from app.web.locale import label
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.results import queries
from competitions.results.queries import ResultLine
from competitions.results.wording import Names, spoken
from competitions.rules import robustness as rules
from competitions.rules.awards import award_word
from competitions.rules.phrases import plain, rounding
from competitions.rules.ranking import Decisions
from competitions.rules.robustness import Robustness
from competitions.rules.trials import AwardMove, Trial, TrialKind

KEPT = 16
PATIENCE = 3
"""Seconds that a page waits; an event of thousands takes longer and is tried on."""
_running: dict[str, asyncio.Task[None]] = {}
_parts: dict[str, list[Robustness]] = {}
"""What is tried already of those that run, kind by kind."""
_kept: OrderedDict[str, Robustness] = OrderedDict()
_limiters: list[CapacityLimiter] = []

PLACES: Mapping[str, str] = {
    "panel": N_("评委平均分"),
    "factored": N_("乘系数后"),
    "aspect": N_("评分点得分"),
    "module": N_("模块得分"),
    "total": N_("总分"),
}


async def robustness(line: EventLine, result: ResultLine) -> Robustness | None:
    """Try a kept computation; None while it is still being tried. What was tried once is kept."""
    decided = await queries.decisions(line.id)
    key = await _key(line, result)
    if key not in _kept:
        if key not in _running:
            _running[key] = background.start(_try, key, result.bundle, decided)
        await asyncio.wait([_running[key]], timeout=PATIENCE)
    return _kept.get(key)


class Progress(msgspec.Struct, frozen=True):
    """How far the trials of an event are."""

    done: int
    total: int
    words: str
    is_over: bool


async def progress(line: EventLine, result: ResultLine) -> Progress:
    """Return which kind of change is being tried."""
    key = await _key(line, result)
    kinds = list(TrialKind)
    done = len(_parts.get(key, ()))
    if key in _kept or (key in _running and done == len(kinds)):
        return Progress(len(kinds), len(kinds), "", is_over=True)
    if key not in _running:
        return Progress(0, len(kinds), _("没有试完。请刷新本页再试一次。"), is_over=False)
    words = _("正在试第 {at} 类变化，共 {count} 类：{kind}").format(
        at=done + 1, count=len(kinds), kind=label(kinds[done])
    )
    return Progress(done, len(kinds), words, is_over=False)


async def _key(line: EventLine, result: ResultLine) -> str:
    return f"{result.bundle_sha256} {await queries.decisions(line.id)}"


async def _try(key: str, bundle: dict[str, Any], decided: Decisions) -> None:
    if not _limiters:
        _limiters.append(CapacityLimiter(1))
    parts = _parts.setdefault(key, [])
    try:
        for kind in TrialKind:
            work = partial(rules.robustness_of, bundle, decided, (kind,))
            parts.append(await to_process.run_sync(work, cancellable=True, limiter=_limiters[0]))
        _kept[key] = rules.joined(parts)
    finally:
        del _running[key], _parts[key]
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


async def told(line: EventLine, result: ResultLine) -> dict[str, Any] | None:
    """Return in words what was tried and what would change; by code while sealed."""
    found = await robustness(line, result)
    if found is None:
        return None
    places = await queries.places(line, result)
    scheme = await planning.scheme(line.id)
    names = Names(
        codes={item.code: item.names for item in places if item.names},
        aspects={item.id: item.title for item in scheme.facts.aspects()} if scheme else {},
    )
    return {
        "verdict": _verdict(found),
        "is_firm": found.is_firm,
        "has_awards": any(item.award for item in places),
        "near": [names.codes.get(code, code) for code in found.near],
        "kinds": [_kind(found, kind) for kind in TrialKind],
        "trials": [_trial(trial, names) for trial in found.trials],
    }


def _verdict(found: Robustness) -> str:
    count = sum(found.tried.values())
    if found.is_firm:
        return _("试了 {count} 种变化，没有一种会改变奖项。").format(count=count)
    changing = sum(trial.count for trial in found.trials)
    codes = len({move.code for trial in found.trials for move in trial.moves})
    return _("试了 {count} 种变化，有 {changing} 种会改变奖项，涉及 {codes} 名选手。").format(
        count=count, changing=changing, codes=codes
    )


def _kind(found: Robustness, kind: TrialKind) -> dict[str, Any]:
    changing = sum(trial.count for trial in found.trials if trial.kind is kind)
    return {
        "word": label(kind),
        "tried": found.tried.get(kind, 0),
        "refused": found.refused.get(kind, 0),
        "changing": changing,
    }


def _trial(trial: Trial, names: Names) -> dict[str, Any]:
    return {
        "kind": label(trial.kind),
        "what": _what(trial, names),
        "examples": [
            _("{aspect}（{judge}：{before} → {after}）").format(
                aspect=names.aspect(one.aspect),
                judge=one.judge,
                before=plain(one.before_e4),
                after=plain(one.after_e4),
            )
            for one in trial.examples
        ],
        "count": trial.count,
        "moves": [_move(move, names) for move in trial.moves],
    }


def _what(trial: Trial, names: Names) -> str:
    if trial.kind is TrialKind.JUDGE:
        return _("不计 {judge} 的打分").format(judge=trial.judge)
    if trial.kind is TrialKind.ROUNDING:
        return _("{place}改为{rounding}").format(
            place=_(PLACES[trial.place]), rounding=spoken(rounding(trial.rounding), names)
        )
    says = _("{code}的一个打分高一步") if trial.is_up else _("{code}的一个打分低一步")
    return says.format(code=names.codes.get(trial.code, trial.code))


def _move(move: AwardMove, names: Names) -> dict[str, str]:
    return {
        "code": names.codes.get(move.code, move.code),
        "before": _(award_word(move.before)) or _("无奖"),
        "after": _(award_word(move.after)) or _("无奖"),
    }
