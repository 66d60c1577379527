"""Ask the second calculator, in a process of its own, and keep what came of the comparison."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from anyio import run_process

from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.sheets import queries as sheets
from competitions.planning.queries import EventLine
from competitions.results import queries
from competitions.results.published import published_result
from competitions.results.queries import ResultLine
from competitions.results.tables import Comparison
from competitions.rules.agreement import Difference
from competitions.rules.lifecycle import EventStatus

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ("competitions/rules", "app/rules/points.py", "app/rules/panel.py")
RECOUNT = ("competitions/recount",)


class ComparisonLine(msgspec.Struct, frozen=True):
    """One comparison of the two calculators; `bundle` is kept only where they differ."""

    id: int
    bundle_sha256: str
    product_version: str
    recount_version: str
    is_agreed: bool
    differences: list[Difference]
    bundle: str
    compared_by: str
    compared_at: datetime


@refusal
class RecordsChanged(RuleBroken):
    """What was counted is not what is recorded now."""

    says = N_("成绩计算之后，评分记录又有更正。请重新计算成绩，再公布。")


async def is_current(line: EventLine, result: ResultLine) -> bool:
    """Tell whether a computation counted what is recorded now."""
    counted = {name: part for name, part in result.bundle.items() if name != "results"}
    return counted == await queries.bundle(line)


async def is_overtaken(line: EventLine) -> bool:
    """Tell whether marks were amended since the results of an event were published."""
    if line.status is not EventStatus.PUBLISHED:
        return False
    public = await published_result(line.id)
    if public is None or public.ledger_root == await sheets.ledger_root(line.ledger):
        return False
    return not await is_current(line, public)  # What came too late is recorded, and not counted.


async def recount(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return what `python -m competitions.recount` says of a bundle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        path.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "competitions.recount", str(path)]
        done = await run_process(command, check=False, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@cache
def version_of(*places: str) -> str:
    """Return which program counts: the first of the SHA-256 over its source."""
    digest = hashlib.sha256()
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def bundle_text(bundle: dict[str, Any]) -> str:
    """Return a bundle as the file that is kept and given away."""
    return json.dumps(bundle, ensure_ascii=False, indent=1)


async def keep_comparison_within(
    event_id: int, text: str, found: Sequence[Difference], *, by: Actor, at: datetime
) -> None:
    """Keep that two calculators were compared over a bundle's text, and what differed."""
    await Comparison(
        event=event_id,
        bundle_sha256=hashlib.sha256(text.encode()).hexdigest(),
        product_version=version_of(*PRODUCT),
        recount_version=version_of(*RECOUNT),
        is_agreed=not found,
        differences=msgspec.json.encode(list(found)).decode(),
        bundle=text if found else "",
        compared_by=by.name,
        compared_at=at,
    ).save()


async def latest_comparison(event_id: int) -> ComparisonLine | None:
    """Return the last comparison of an event, None before the first."""
    row = (
        await Comparison.select()
        .where(Comparison.event == event_id)
        .order_by(Comparison.id, ascending=False)
        .first()
    )
    if row is None:
        return None
    return msgspec.convert({**row, "differences": json.loads(row["differences"])}, ComparisonLine)
