"""Check a whole table against what stands already, in a few statements for any number of rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from app.documents.workbooks import Row
from app.errors import RuleBroken
from app.imports.registry import Checked, Tell
from app.people import filling
from app.people import queries as people
from app.people.actions import refuse_other_name
from app.people.filling import Details
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.locale import gettext as _
from competitions.labels import ENTRY_STATUSES
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine, EventLine
from competitions.registration import queries, standing, workbooks
from competitions.registration.admitting import EntryFacts, differing
from competitions.registration.standing import FallenLine, StandingLine
from competitions.rules.eligibility import AgeWindow, EnteredElsewhere, refuse_wrong_age
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, WrongEventStage
from competitions.rules.moves import Moves, Place, moves_of
from competitions.rules.quotas import QuotaExceeded, refuse_team

BREATH = 200
SUFFIXES = ("代表队", "代表团")


@dataclass
class EntryCheck:
    """What the rows of a table are checked against, and what they have used up so far."""

    ages: AgeWindow
    events: Mapping[int, EventLine]
    delegations: dict[str, int]
    there: Mapping[int, StandingLine]
    known: Mapping[str, tuple[int, str]]
    details: Mapping[str, Details]
    held: Counter[tuple[int, str]]
    teams: dict[Place, int]
    fallen: Mapping[int, Sequence[FallenLine]]
    seen: dict[str, int] = field(default_factory=dict)
    moves: Moves = field(default_factory=lambda: Moves({}, {}, frozenset()))
    arrived: dict[int, RuleBroken | None] = field(default_factory=dict)

    def check(self, row: Row, facts: EntryFacts) -> None:
        """Note at the cells of a row what the rules say against it."""
        event, digest = self.events[facts.event_id], facts.person.digest
        if digest in self.seen:
            word = _("与第 {number} 行是同一个人，每人限报一项。")
            row.wrong("id_number", word.format(number=self.seen[digest]))
            return
        self.seen[digest] = row.number
        person = self.known.get(digest)
        try:
            if person is not None:
                refuse_other_name(facts.person, person[1])
            old = self.there.get(person[0]) if person else None
            if old is not None and old.event_id != facts.event_id:
                raise EnteredElsewhere(facts.person.name, self.events[old.event_id].name)
            refuse_wrong_age(facts.person.birth_on, facts.person.sex, self.ages)
            if old is None and person and (status := self._fell(facts, person[0])):
                word = _("这个报名已经是“{status}”。要恢复请到报名页办理，否则请删去这一行。")
                row.wrong("name", word.format(status=_(ENTRY_STATUSES[status])))
            elif old is None:
                self._check_new(row, facts, event)
            elif differing(old, facts, self.delegations.get(facts.delegation)):
                self._check_changed(row, facts, old)
        except RuleBroken as refusal:
            keys = {column.key for column in row.layout.columns}
            key = refusal.field if refusal.field in keys else "event"
            row.wrong(key, locale.sentence(refusal))

    def _fell(self, facts: EntryFacts, person_id: int) -> EntryStatus | None:
        """Return how an entry stands that was refused or withdrawn: a list does not take it up."""
        place = (facts.event_id, facts.delegation, facts.team)
        for line in self.fallen.get(person_id, ()):
            if (line.event_id, line.delegation, line.team) == place:
                return line.status
        return None

    def _check_new(self, row: Row, facts: EntryFacts, event: EventLine) -> None:
        if event.status is not EventStatus.PREPARING:
            raise WrongEventStage(event.status, EventStatus.PREPARING)
        if self._looks_like_another(row, facts):
            return
        self._come(event, facts)

    def _come(self, event: EventLine, facts: EntryFacts) -> None:
        """Take a place in a team that stands, or with a new entry."""
        team = (event.id, facts.delegation, facts.team)
        refuse_team(
            team=facts.team,
            event=event.name,
            members=event.members,
            held=self.teams.get(team, 0) if facts.team else 0,
        )
        if not facts.team or team not in self.teams:
            self._take(event, facts.delegation)
        if facts.team:
            self.teams[team] = self.teams.get(team, 0) + 1

    def _take(self, event: EventLine, delegation: str) -> None:
        if self.held[event.id, delegation] >= event.quota:
            raise QuotaExceeded(delegation, event.name, event.quota)
        self.held[event.id, delegation] += 1

    def _check_changed(self, row: Row, facts: EntryFacts, old: StandingLine) -> None:
        event = self.events[facts.event_id]
        if event.status is not EventStatus.PREPARING:
            raise WrongEventStage(event.status, EventStatus.PREPARING)
        if self._looks_like_another(row, facts):
            return
        if old.id in self.moves.single:
            self._come(event, facts)
        elif old.entry_id in self.moves.whole:
            if old.entry_id not in self.arrived:
                self.arrived[old.entry_id] = self._refusal(event, facts)
            if refused := self.arrived[old.entry_id]:
                raise refused

    def _refusal(self, event: EventLine, facts: EntryFacts) -> RuleBroken | None:
        """Let a whole entry come to its new place; return what is against it."""
        try:
            refuse_team(team=facts.team, event=event.name, members=event.members, held=0)
            self._take(event, facts.delegation)
        except RuleBroken as refusal:
            return refusal
        return None

    def leave(self, good: Sequence[EntryFacts]) -> None:
        """Give up the places of entries that a table moves to another delegation or team."""
        names = {id_: name for name, id_ in self.delegations.items()}
        there: dict[int, tuple[int, Place]] = {
            item.id: (item.entry_id, (item.event_id, names[item.delegation_id], item.team))
            for item in self.there.values()
        }
        wanted: dict[int, Place] = {}
        for facts in good:
            person = self.known.get(facts.person.digest)
            old = self.there.get(person[0]) if person else None
            if old is not None and old.event_id == facts.event_id:
                wanted.setdefault(old.id, (facts.event_id, facts.delegation, facts.team))
        self.moves = moves_of(there, wanted)
        for one in self.moves.single:
            if there[one][1][2]:
                self.teams[there[one][1]] -= 1
        places = dict(there.values())
        for entry_id in self.moves.emptied | self.moves.whole.keys():
            event_id, delegation, _team = places[entry_id]
            self.held[event_id, str(delegation)] -= 1
            size = self.teams.pop(places[entry_id], 0)
            if entry_id in self.moves.whole and self.moves.whole[entry_id][2]:
                self.teams[self.moves.whole[entry_id]] = size

    @cached_property
    def cores(self) -> Mapping[str, str]:
        """The delegations of the register by what their names have of their own."""
        return {_core(name): name for name in reversed(self.delegations)}

    def counts(self, good: Sequence[EntryFacts]) -> tuple[int, int, int]:
        """Return how many of the good rows are new, changed, and as they stand."""
        new = changed = 0
        for item in good:
            person = self.known.get(item.person.digest)
            old = self.there.get(person[0]) if person else None
            if old is None:
                new += 1
            elif differing(old, item, self.delegations.get(item.delegation)) or filling.news(
                self.details[item.person.digest], item.person
            ):
                changed += 1
        return new, changed, len(good) - new - changed

    def _looks_like_another(self, row: Row, facts: EntryFacts) -> bool:
        """Note a delegation that is nearly one of the register: it would come twice."""
        if facts.delegation in self.delegations:
            return False
        name = self.cores.get(_core(facts.delegation))
        if name is None:
            return False
        word = _("名册中没有这个代表队，是不是“{name}”？请写成一样。")
        row.wrong("delegation", word.format(name=name))
        return True


@lru_cache(1000)
def _core(name: str) -> str:
    plain = "".join(name.split())
    for suffix in SUFFIXES:
        plain = plain.removesuffix(suffix)
    return plain.removesuffix("省").removesuffix("市").removesuffix("县")


async def checked_entries(
    competition_id: int, rows: Sequence[Row], *, at: datetime, tell: Tell
) -> Checked:
    """Read and check every row of a table of entries; None for those with problems."""
    line = await planning.competition(competition_id)
    events = await planning.events(competition_id)
    by_title = {(item.name, item.division): item for item in events}
    today = at.astimezone(SHANGHAI).date()
    facts: list[EntryFacts | None] = []
    for place, row in enumerate(rows):
        facts.append(workbooks.read_entry(row, by_title, today))
        if place % BREATH == 0:
            await tell(place // 2, len(rows))
    digests = [item.person.digest for item in facts if item]
    check = await _check_of(line, events, digests)
    check.leave([item for item in facts if item])
    for place, (row, item) in enumerate(zip(rows, facts, strict=True)):
        if item is not None:
            check.check(row, item)
        if place % BREATH == 0:
            await tell((len(rows) + place) // 2, len(rows))
    good = [None if row.problems else item for row, item in zip(rows, facts, strict=True)]
    return Checked(good, *check.counts([item for item in good if item]))


async def _check_of(
    line: CompetitionLine, events: Sequence[EventLine], digests: Sequence[str]
) -> EntryCheck:
    delegations = {item.name: item.id for item in await queries.delegations(line.id)}
    names = {id_: name for name, id_ in delegations.items()}
    known = await people.known_persons(list(dict.fromkeys(digests)))
    return EntryCheck(
        ages=line.age_window,
        events={item.id: item for item in events},
        delegations=delegations,
        there=await standing.standing(line.id),
        fallen=await standing.fallen(line.id),
        known=known,
        details=await filling.details_of(list(known)),
        held=Counter(
            {
                (event, names[delegation]): found
                for (event, delegation), found in (await standing.held(line.id)).items()
            }
        ),
        teams={
            (event, names[delegation], team): found
            for (event, delegation, team), (_entry, found) in (
                await standing.teams(line.id)
            ).items()
        },
    )
