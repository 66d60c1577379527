"""`python -m tests.reading [COUNT]`: how often damaged papers are still read, a rate a reader.

COUNT certificates (24 unless said otherwise) of all lengths, from a symbol of version 10 to 15, are
issued, printed as PDF, rendered at print size and damaged; what is read must be what was signed.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from random import Random

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from app.certificates import printing, register, symbol
from app.certificates.facts import ClaimFacts
from app.main import open_house
from app.settings import load
from tests.browser import run_verb, settings_for
from tests.builders.certificates import DAY, issued
from tests.builders.damaged_papers import HARMS, READERS, Picture, rendered

SEED = 20_261_127
TITLES = (
    "刺梨种植",
    "刺梨种植与初加工",
    "山区生态茶园管护与手工绿茶加工",
    "传统干栏式木构建筑营造与修缮",
)
RESULTS = ("合格", "一等奖", "第一名，金牌，全省技术能手候选")


def some_claims(count: int) -> list[ClaimFacts]:
    """Claims of all lengths."""
    return [
        ClaimFacts(
            name="阿依古丽·买买提"[: 2 + place % 7],
            issued_on=DAY,
            key=f"k{place}",
            title=TITLES[place % len(TITLES)] * (1 + place % 3),
            result=RESULTS[place % len(RESULTS)],
        )
        for place in range(count)
    ]


async def papers(count: int, folder: Path) -> list[tuple[str, Picture]]:
    """Issue, print and render; what each symbol says, and how it looks on paper."""
    made = []
    async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
        for line in await issued(some_claims(count)):
            detail = await register.certificate(line.id)
            pdf = await printing.pdf_of([detail], is_demo=False)
            made.append((register.qr_text(await _host(), detail), rendered(pdf)))
    return made


async def _host() -> str:
    from app.certificates import log

    return await log.host()


def rates(made: list[tuple[str, Picture]]) -> dict[str, dict[str, float]]:
    """Return for each harm and reader the share of papers that were read as they were signed."""
    found: dict[str, dict[str, float]] = {}
    for name, harm in HARMS.items():
        seen = [
            (text, harm(picture, Random(SEED + place)))
            for place, (text, picture) in enumerate(made)
        ]
        found[name] = {
            reader: sum(read(picture) == {text} for text, picture in seen) / len(seen)
            for reader, read in READERS.items()
        }
    return found


def main(count: int) -> int:
    """Print the rates."""
    with tempfile.TemporaryDirectory() as text:
        run_verb(["migrate"], settings_for(Path(text)))
        made = asyncio.run(papers(count, Path(text)))
    versions = [symbol.draw(text).version for text, _ in made]
    print(f"{count} papers, versions {min(versions)} to {max(versions)}, module 0.53 mm")
    print(f"{'':22}" + "".join(f"{reader:>12}" for reader in READERS))
    for name, line in rates(made).items():
        print(f"{name:22}" + "".join(f"{share:12.0%}" for share in line.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 24))
