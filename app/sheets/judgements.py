"""Judgements of one aspect by several seats: sealed until all are in, then shown, or too far apart.

Seats may mark different forms (the first marks every aspect, the others what all mark): those
belong together whose forms hold the aspect, for the same code of the same ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.errors import N_, RuleBroken, refusal
from app.rules.mark_sheet import E4, MarkState, is_revealed, spread_e4
from app.sheets import forms
from app.storage import engine
from app.storage.rows import one_of

Says = tuple[MarkState, int | None]


class Judgement(Struct, frozen=True):
    """The scores of one aspect for one code: which seats give one, and what they gave so far."""

    seats: tuple[str, ...]
    given: Mapping[str, Says]

    @property
    def is_revealed(self) -> bool:
        """Tell whether all seats have given theirs."""
        return is_revealed(self.given, self.seats)


@refusal
class JudgementsApart(RuleBroken):
    """The scores of one judgement lie further apart than the rules allow."""

    says = N_(
        "{code} 号“{aspect}”的评判相差超过 {most}。请把评分表退回，由各裁判商议、写明说明后重评。"
    )
    code: str
    aspect: str
    most: int


async def judgements_of(sheet_ids: Iterable[int]) -> dict[int, dict[str, Judgement]]:
    """Return, by sheet, the judgements of its code with every seat's score."""
    places, arguments = one_of(sheet_ids)
    if not arguments:
        return {}
    rows = await engine.fetch(
        "SELECT own.id AS own, beside.id, beside.seat, beside.form, definition.digest,"  # noqa: S608 - placeholders only
        " head.aspect, head.state, head.value_e4 FROM mark_sheet AS own"
        " JOIN mark_sheet AS beside ON beside.ledger = own.ledger"
        " AND beside.subject_code = own.subject_code"
        " JOIN sheet_definition AS definition ON definition.id = beside.form"
        " LEFT JOIN mark_head AS head ON head.sheet = beside.id"
        f" WHERE own.id IN ({places}) ORDER BY beside.seat, head.id",
        arguments,
    )
    definitions = await forms.by_id({row["form"]: row["digest"] for row in rows})
    seats: dict[int, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    given: dict[int, dict[str, dict[str, Says]]] = defaultdict(lambda: defaultdict(dict))
    own_aspects: dict[int, tuple[str, ...]] = {}
    for row in rows:
        judged = definitions[row["form"]].judgements
        if row["id"] == row["own"]:
            own_aspects[row["own"]] = judged
        for aspect in judged:
            seats[row["own"]][aspect][row["seat"]] = None
        if row["aspect"] in judged:
            says = (MarkState(row["state"]), row["value_e4"])
            given[row["own"]][row["aspect"]][row["seat"]] = says
    return {
        own: {name: Judgement(tuple(seats[own][name]), given[own][name]) for name in aspects}
        for own, aspects in own_aspects.items()
        if aspects
    }


async def refuse_apart(codes: Mapping[int, str], most: int) -> None:
    """Raise `JudgementsApart` for the first judgement, by sheet and code, that is too wide."""
    for sheet_id, judged in (await judgements_of(codes)).items():
        for aspect, judgement in judged.items():
            if judgement.is_revealed and spread_e4(judgement.given) > most * E4:
                raise JudgementsApart(codes[sheet_id], aspect, most)
