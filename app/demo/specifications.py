"""Write the specifications: fourteen in force, every other name of the list as a draft."""

import csv
from datetime import date, datetime
from pathlib import Path

from app.demo.abilities import WRITTEN
from app.rules.actors import SYSTEM
from app.storage.engine import write_transaction
from assessments.rules.lifecycle import SpecificationStatus
from assessments.rules.specification import SpecificationFacts
from assessments.specifications import actions

NAMES = Path(__file__).parent / "data" / "ability_names.csv"
PROVENANCE = {
    "seen": "名称见于公开材料，内容待编写",
    "recalled": "名称凭一般了解列出，须与省级目录核对",
    "demo": "演示文本，非官方规范",
}


async def write(at: datetime) -> dict[str, int]:
    """Write all specifications and return the ids of those in force by name."""
    written = {}
    async with write_transaction():
        for trade, facts in WRITTEN:
            written[facts.name] = await _put_in_force(facts, trade, at)
        for row in _names():
            if row["name"] not in written:
                await actions.create(
                    _named_only(row["name"]),
                    trade=row["trade"],
                    provenance=PROVENANCE[row["provenance"]],
                    is_official=False,
                    by=SYSTEM,
                    at=at,
                )
    return written


async def _put_in_force(facts: SpecificationFacts, trade: str, at: datetime) -> int:
    new_id = await actions.create(
        facts, trade=trade, provenance=PROVENANCE["demo"], is_official=False, by=SYSTEM, at=at
    )
    steps = (
        SpecificationStatus.UNDER_REVIEW,
        SpecificationStatus.FILED,
        SpecificationStatus.IN_FORCE,
    )
    for version, wanted in enumerate(steps, start=1):
        await actions.step(
            new_id, wanted, seen_version=version, by=SYSTEM, at=at, on=date(2026, 3, 1)
        )
    return new_id


def _named_only(name: str) -> SpecificationFacts:
    return SpecificationFacts(
        name=name,
        occupation_field="",
        definition="",
        applicability="",
        tasks=(),
        admission="",
        examiners="",
        method="",
        minutes=None,
        site="",
    )


def _names() -> list[dict[str, str]]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
