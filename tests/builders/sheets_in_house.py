"""Sheets of a form of every kind of aspect, in the house that is open."""

from typing import Any

from app.accounts import actions as accounts
from app.accounts import passwords, queries
from app.audit.acts import Act
from app.rules.actors import NOBODY, SYSTEM, Actor, Duty
from app.rules.mark_sheet import AspectKind, SheetAspect
from app.sheets import badges, pairing
from app.storage.engine import write_transaction
from app.web import clock
from tests.builders.sheets import a_form, a_judge, open_sheets

PASSWORD = "marks-on-paper-too"
NAMES = ("王建国", "李秀兰", "周振华", "吴桂英", "孙丽")
LEVELS = ("未达到行业基本要求", "达到行业基本要求", "达到要求并有部分超出", "明显超出行业要求")


def an_aspect_of(number: int) -> SheetAspect:
    """The aspect of a place in the form."""
    name, group = f"A{number + 1}", f"第 {number // 10 + 1} 部分"
    kinds = (
        SheetAspect(
            name, AspectKind.JUDGEMENT, "整体观感", max="3", descriptors=LEVELS, group=group
        ),
        SheetAspect(
            name,
            AspectKind.MEASUREMENT,
            "灰缝饱满",
            max="2",
            calculation={"kind": "yes_no"},
            group=group,
        ),
        SheetAspect(
            name,
            AspectKind.POINTS,
            "墙面垂直度",
            max="10",
            hint="用 2 米靠尺检查三处，取最大偏差",
            group=group,
        ),
        SheetAspect(
            name,
            AspectKind.MEASUREMENT,
            "砖面破损",
            max="3",
            calculation={"kind": "deduct", "per_error": "0.5"},
            group=group,
        ),
        SheetAspect(
            name,
            AspectKind.MEASUREMENT,
            "墙体长度",
            max="4",
            unit="mm",
            decimals=1,
            calculation={
                "kind": "bands",
                "nominal": "1200",
                "bands": [{"within": "2", "mark": "4"}],
            },
            group=group,
        ),
        SheetAspect(name, AspectKind.PANEL, "工艺与创意", max="10", decimals=1, group=group),
    )
    return kinds[number % len(kinds)]


async def _session(actor: Actor) -> str:
    at = clock.now()
    stored = await passwords.hashed(PASSWORD)
    async with write_transaction():
        assert actor.account_id is not None
        await accounts.set_password_within(
            actor.account_id, stored, by=SYSTEM, at=at, act=Act.PASSWORD_CHANGED
        )
    line = await queries.account(actor.account_id)
    return await accounts.sign_in(line.sign_in_name, PASSWORD, by=NOBODY, at=at)


def a_timed_aspect() -> SheetAspect:
    """The aspect that has a stop-watch."""
    bands = {"kind": "bands", "nominal": "60", "bands": [{"within": "30", "mark": "4"}]}
    return SheetAspect(
        "T1", AspectKind.MEASUREMENT, "砌筑用时", max="4", unit="秒", decimals=1, calculation=bands
    )


async def sheets_in_house(judges: int, codes: int, aspects: int, timed: int) -> dict[str, Any]:
    """Open sheets for judges, codes and aspects, and sign everybody in.

    Aspects alternate between 0-3 judgements, yes or no, points, counted errors, measured values
    and panels; with `timed`, one more, T1, is a time that the stop-watch measures. Return the
    sign-in session of each judge and of the chief, each judge's sheets by code, the number on each
    judge's badge, and a code that pairs tablets.
    """
    actors = {f"J{seat + 1}": await a_judge(NAMES[seat]) for seat in range(judges)}
    chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
    asked = [an_aspect_of(number) for number in range(aspects)]
    form = a_form(*asked, *[a_timed_aspect()][:timed], title="模块B 实际操作")
    rows = await open_sheets(actors, codes=[f"{code + 1:03d}" for code in range(codes)], form=form)
    at = clock.now()
    made = await badges.issue(
        [actor.account_id or 0 for actor in actors.values()], by=SYSTEM, at=at
    )
    numbers = {badge.account_id: badge.number for badge in made}
    return {
        "badges": {seat: numbers[actor.account_id or 0] for seat, actor in actors.items()},
        "pairing": await pairing.offer("平板", 20, by=SYSTEM, at=at),
        "sessions": {
            **{seat: await _session(actor) for seat, actor in actors.items()},
            "chief": await _session(chief),
        },
        "sheets": {
            seat: {row.subject_code: row.key for row in rows if row.seat == seat} for seat in actors
        },
    }
