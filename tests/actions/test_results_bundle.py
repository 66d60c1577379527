"""An event of every kind of aspect, from sheets to the published bundle, on both engines."""

import json
from fractions import Fraction

import pytest

from app.rules.actors import SYSTEM, Duty
from app.rules.mark_sheet import MarkState
from app.sheets import queries as sheet_queries
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.recount.__main__ import recount
from competitions.registration.judge_matching import JudgeFacts
from competitions.results import actions, queries
from competitions.results.actions import BundleIncomplete
from competitions.rules.duties import CodeStatus, SeatKind
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.rules.standings import standings, standings_of
from competitions.scoring import actions as scoring
from competitions.scoring import incidents
from competitions.scoring import queries as scoring_queries
from tests.builders.events import AT, an_event, an_official, drawn, lock, seat
from tests.builders.visits import a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

STEPS = ("差", "中", "良", "优")
BANDS = {
    "kind": "bands",
    "nominal": "-1",
    "bands": [{"within": "0.5", "mark": "2"}, {"within": "1", "mark": "1"}],
}
MASONRY = SchemeModule(
    "B",
    "砌筑",
    "80",
    (
        SchemeAspect("yes", "measurement", "对缝", "4", calculation={"kind": "yes_no"}),
        SchemeAspect(
            "errors", "measurement", "错漏", "5", calculation={"kind": "deduct", "per_error": "0.5"}
        ),
        SchemeAspect("length", "measurement", "偏差", "2", calculation=BANDS),
        SchemeAspect("clean", "judgement", "整洁", "3", descriptors=STEPS),
        SchemeAspect("looks", "panel", "外观", "10", factor="0.8"),
        SchemeAspect("safe", "gate", "安全", zeroes=("clean", "yes")),
    ),
)
SCHEME = SchemeFacts(
    (SchemeModule("A", "理论", "20", (SchemeAspect("paper", "points", "卷面", "100"),)), MASONRY)
)
GOOD = {"paper": "88", "yes": "1", "errors": "3", "length": "-1.5", "clean": "2", "looks": "8"}
LOOKS = {"J1": "8.25", "J2": "8", "J3": "9", "J4": "7.5", "J5": "8.1"}


async def an_event_of_every_kind():
    """Five judges and a reserve; the codes, with the sheets open."""
    line = await an_event(entries=4, scheme=SCHEME)
    await seat(line, marking=5, reserves=[JudgeFacts(name="候补", sign_in_name="r1")])
    codes = await drawn(line)
    await scoring.start_marking(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def mark(line, code, **values):
    """Mark every cell of a code; a test says otherwise by aspect, or by seat and aspect."""
    said = GOOD | {"safe": "1"} | values
    marks = []
    for sheet in await sheet_queries.sheets_of(line.ledger):
        if sheet.code != code or sheet.status == "void":
            continue
        aspects = said if sheet.seat == "J1" else ("clean", "looks")
        for aspect in aspects:
            if "_" in aspect:
                continue
            value = said.get(f"{sheet.seat}_{aspect}", said[aspect])
            if isinstance(value, MarkState):
                marks.append(MarkInput(code, sheet.seat, aspect, None, value))
            else:
                marks.append(MarkInput(code, sheet.seat, aspect, value))
    async with write_transaction():
        await record_marks_within(ledger=line.ledger, marks=marks, by=SYSTEM, at=AT, reason="试")


def looks(**others):
    return {f"{seat}_looks": value for seat, value in (LOOKS | others).items()}


async def the_bundle(line):
    """What is published, after both calculators agreed."""
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    result = await queries.latest(line.id)
    assert result is not None
    return result


class TestBundle:
    async def test_counts_who_is_whole_gated_unfinished_and_away(self):
        line, codes = await an_event_of_every_kind()
        whole, gated, unfinished, away = codes
        untried = dict.fromkeys(("clean", "length"), MarkState.NOT_ATTEMPTED)
        await mark(line, whole, **looks())
        await mark(line, gated, safe="0", **looks())
        await mark(line, unfinished, **untried)
        await incidents.record_standing(
            line.id, away, CodeStatus.DISQUALIFIED, reason="违规", by=SYSTEM, at=AT
        )
        await incidents.deduct(line.id, whole, "B", points="0.5", reason="超时", by=SYSTEM, at=AT)
        await incidents.record_time(line.id, whole, "B", seconds=9120, by=SYSTEM, at=AT)

        result = await the_bundle(line)

        # B of 22: 4 + (5 - 1.5) + 2 + 3 x 2/3 + 0.8 x 8.12; 0 where the gate failed or untried.
        share = Fraction(80, 22)
        expected = {
            whole: (Fraction("18.00") * share - Fraction("0.5")),
            gated: Fraction("12.00") * share,
            unfinished: Fraction("13.9") * share,
        }
        found = {one["code"]: one["modules"] for one in result.standings["standings"]}
        for code, points in expected.items():
            assert found[code] == {"A": "17.60", "B": f"{float(round(points, 2)):.2f}"}
        assert found[away] is None
        assert result.bundle["times"] == [{"code": whole, "module": "B", "seconds": 9120}]

    async def test_is_accepted_by_both_programs_as_it_is_published(self):
        line, codes = await an_event_of_every_kind()
        for code in codes:
            await mark(line, code, **looks())
        result = await the_bundle(line)
        raw = json.dumps(result.bundle, ensure_ascii=False).encode()

        assert standings_of(raw) == recount(raw) == standings(result.bundle)
        assert len(recount(raw)["standings"]) == len(codes)


class TestMissing:
    async def test_values_leave_a_panel_incomplete_where_too_few_remain(self, tmp_path):
        """Of four values the highest and the lowest go; two stay, and three are needed."""
        line, codes = await an_event_of_every_kind()
        for code in codes:
            await mark(line, code, **looks())
        await mark(line, codes[1], **looks(J5=MarkState.MISSING))

        with pytest.raises(BundleIncomplete) as refused:
            await the_bundle(line)

        assert [one.where for one in refused.value.problems] == [f"{codes[1]}/looks"]
        page = f"/desk/events/{line.id}/results"
        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            chinese = await visitor.send(page, page.replace("results", "computation"), {})
            await visitor.get(f"{page}?lang=en")
            english = await visitor.send(page, page.replace("results", "computation"), {})
        assert chinese.status_code == english.status_code == 422
        [why] = [one.text for one in refused.value.problems]
        assert why in chinese.text
        assert f'<td class="code">{codes[1]}/looks</td>' in english.text
        assert why not in english.text


class TestStandIn:
    async def test_marks_in_the_seat_that_was_left(self):
        line, codes = await an_event_of_every_kind()
        for code in codes[:2]:
            await mark(line, code, **looks())
        seats = await scoring_queries.seats(line.id)
        [reserve] = [item.judge_id for item in seats if item.kind is SeatKind.RESERVE]
        await scoring.stand_in(line.id, "J5", reserve, reason="生病", by=SYSTEM, at=AT)
        for code in codes[2:]:
            await mark(line, code, **looks())

        result = await the_bundle(line)

        assert {mark["judge"] for mark in result.bundle["marks"]} == set(LOOKS)
        assert {one["modules"]["B"] for one in result.standings["standings"]} == {"65.45"}
