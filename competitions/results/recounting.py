"""Ask the second calculator, in a process of its own."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from anyio import run_process

ROOT = Path(__file__).parent.parent.parent


async def recount(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return what `python -m competitions.recount` says of a bundle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        path.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "competitions.recount", str(path)]
        done = await run_process(command, check=False, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Name each contestant and step on which the two calculators differ."""
    if ours == theirs:
        return []
    by_code = {line["code"]: line for line in theirs["standings"]}
    found = [
        f"{line['code']}: {name}: {line[name]} / {by_code.get(line['code'], {}).get(name)}"
        for line in ours["standings"]
        for name in line
        if by_code.get(line["code"], {}).get(name) != line[name]
    ]
    return found or ["the two answers differ outside the standings"]
