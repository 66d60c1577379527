"""成绩册 and 获奖名单: what was published of an event or of a whole competition, as a book."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.documents import typesetting
from app.errors import NotFound
from app.holidays.wording import how_counted
from app.sheets import republishing
from app.sheets.republishing import RepublishingLine
from app.web import locale
from app.web.locale import gettext as _
from app.web.locale import label
from app.web.templating import prose_date
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine, EventLine
from competitions.results import queries
from competitions.results.published import published_result
from competitions.results.queries import DecisionLine, PlaceLine, ResultLine
from competitions.rules.lifecycle import CompetitionStatus, EventStatus

TEMPLATE = "result_book.typ"
KEPT = 8
"""How many printed books are kept: what was published is asked for many times in a day."""
Document = dict[str, Any]
_kept: OrderedDict[str, bytes] = OrderedDict()
_printing: dict[str, asyncio.Task[bytes]] = {}


@dataclass(frozen=True)
class Published:
    """An event of which the results are public, with all that a book says of it."""

    line: EventLine
    result: ResultLine
    places: Sequence[PlaceLine]
    module_names: dict[str, str]
    decisions: Sequence[DecisionLine] = ()
    amended: Sequence[RepublishingLine] = ()

    @property
    def name(self) -> str:
        return f"{self.line.name}{_('（')}{label(self.line.division)}{_('）')}"

    @property
    def awarded(self) -> list[PlaceLine]:
        """Who has an award, in the order of places."""
        return [item for item in self.places if item.award]


async def published(competition_id: int, event_id: int | None = None) -> list[Published]:
    """Return the public events of a competition, or the one; raise `NotFound` for none."""
    if (await planning.competition(competition_id)).status is CompetitionStatus.PREPARING:
        raise NotFound
    found = [
        await _published(line)
        for line in await planning.events(competition_id)
        if line.status is EventStatus.PUBLISHED and event_id in {None, line.id}
    ]
    events = [item for item in found if item is not None]
    if not events:
        raise NotFound
    return events


async def _published(line: EventLine) -> Published | None:
    result = await published_result(line.id)
    if result is None:
        return None
    scheme = await planning.scheme(line.id)
    return Published(
        line,
        result,
        await queries.places(line, result),
        {item.id: item.name for item in scheme.facts.modules} if scheme else {},
        [
            item
            for item in await queries.tie_decisions(line.id)
            if item.counts and (item.second_at or item.decided_at) <= result.computed_at
        ],
        await republishing.confirmed(line.ledger),
    )


def result_book(competition: CompetitionLine, events: Sequence[Published]) -> Document:
    """Return a book of results: every place of every event, with what proves it."""
    sections = [
        {
            **_section(event),
            "columns": _columns(event),
            "rows": [_row(event, item) for item in event.places],
            "notes": [*_notice(event), *map(_decision, event.decisions)],
            "signatures": [_("裁判长（签字）："), _("监督长（签字）："), _("日期：")],
        }
        for event in events
    ]
    return _document(competition, events, _("成绩册"), sections)


def award_list(competition: CompetitionLine, events: Sequence[Published]) -> Document:
    """Return a list of awards, the best of each event first."""
    columns = [
        _column(_("奖项"), 12),
        _column(_("名次"), 6, "number"),
        _column(_("姓名"), 18, "name"),
        _column(_("代表队"), 20),
        _column(_("单位或院校"), 26),
    ]
    sections = [
        {
            **_section(event),
            "columns": columns,
            "rows": [
                [_(item.award_word), str(item.rank), item.names, item.party, item.employer]
                for item in event.awarded
            ],
            "notes": [*([] if event.awarded else [_("没有获奖者。")]), *_notice(event)],
            "signatures": [],
        }
        for event in events
    ]
    return _document(competition, events, _("获奖名单"), sections)


async def pdf_of(document: Document) -> bytes:
    """Return a book as a PDF; who asks while it is printed waits for that one."""
    key = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    if key not in _printing:
        _printing[key] = asyncio.create_task(_print(key, document))
    return await asyncio.shield(_printing[key])


async def _print(key: str, document: Document) -> bytes:
    try:
        _kept[key] = book = await typesetting.printed_book(TEMPLATE, document)
    finally:
        del _printing[key]
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    return book


def _document(
    competition: CompetitionLine, events: Sequence[Published], heading: str, sections: Any
) -> Document:
    is_one = len(events) == 1
    days = dict.fromkeys((prose_date(competition.starts_on), prose_date(competition.ends_on)))
    return {
        "lang": locale.current(),
        "title": competition.name,
        "heading": heading,
        "subtitle": events[0].name if is_one else "",
        "organizer": competition.organizer,
        "facts": [
            (_("主办单位"), competition.organizer),
            (_("承办单位"), competition.host),
            (_("赛场"), competition.venue),
            (_("比赛日期"), _("至").join(days)),
            (_("收录赛项"), _("{count} 个（已公布成绩的）").format(count=len(events))),
        ][: 4 if is_one else 5],
        "words": {"page": _("第 {page} / {pages} 页"), "contents": _("目录")},
        "foot": f"{competition.name} · {heading}",
        "events": sections,
    }


def _section(event: Published) -> Document:
    line, result = event.line, event.result
    competed = sum(item.absence is None for item in event.places)
    lead = _("{day}公布 · 参赛 {count}，获奖 {awarded} · 评分规则：{rules}")
    return {
        "name": event.name,
        "count": _("参赛 {count}").format(count=competed),
        "lead": lead.format(
            day=prose_date(result.published_at),
            count=competed,
            awarded=len(event.awarded),
            rules=label(line.rule_set_name),
        ),
        "proofs": [
            (_("评分规则"), f"{line.rule_set_code} {result.rule_set_sha256}"),
            (_("评分账册"), result.ledger_root),
            (_("成绩数据包"), result.bundle_sha256),
        ],
        "foot": _("评分规则 {rule_set}，评分账册 {ledger}，第 {number} 次计算").format(
            rule_set=f"{label(line.rule_set_name)} {result.rule_set_sha256[:16]}",
            ledger=result.ledger_root[:16],
            number=result.number,
        ),
    }


def _notice(event: Published) -> list[str]:
    result = event.result
    if result.notice_ends_at is None:
        return []
    amended = _("{on}更正后重新公布，以本册为准。")
    # The sentence of the public page, to the letter.
    words = _("公示期：%(from)s至%(until)s（%(counted)s）。有异议的，由领队在公示期内书面提出。")
    blanks = {
        "from": prose_date(result.published_at),
        "until": prose_date(result.notice_until),
        "counted": how_counted(result.notice_missing_years),
    }
    return [
        *(amended.format(on=prose_date(item.confirmed_at)) for item in event.amended[-1:]),
        words % blanks,
    ]


def _decision(decision: DecisionLine) -> str:
    words = _("裁判长 {name} 于 {day} 裁定次序：{codes}。理由：{reason}")
    if decision.second_by:
        words = _("裁判长 {name} 于 {day} 裁定次序：{codes}，监督 {second} 确认。理由：{reason}")
    return words.format(
        name=decision.decided_by,
        day=prose_date(decision.decided_at),
        codes=_("、").join(decision.codes),
        reason=decision.reason,
        second=decision.second_by,
    )


def _column(title: str, width: int, kind: str = "text") -> Document:
    return {"title": title, "width": width, "kind": kind}


def _modules(event: Published) -> list[str]:
    return list(event.places[0].modules) if event.places else []


def _columns(event: Published) -> list[Document]:
    modules = [_column(event.module_names.get(name, name), 9, "number") for name in _modules(event)]
    scale = [_column(_("换算分"), 8, "number")] if _is_scaled(event) else []
    return [
        _column(_("名次"), 6, "number"),
        _column(_("代表队"), 18),
        _column(_("姓名"), 18, "name"),
        *modules,
        _column(_("总分"), 9, "number"),
        *scale,
        _column(_("奖项"), 11),
    ]


def _is_scaled(event: Published) -> bool:
    return any(item.scale is not None for item in event.places)


def _row(event: Published, item: PlaceLine) -> list[str]:
    scale = "—" if item.scale is None else str(item.scale)
    return [
        "—" if item.rank is None else str(item.rank),
        item.party,
        item.names,
        *(item.modules.get(name, "—") for name in _modules(event)),
        label(item.absence) if item.absence else item.total or "—",
        *([scale] if _is_scaled(event) else []),
        _(item.award_word) if item.award else "",
    ]
