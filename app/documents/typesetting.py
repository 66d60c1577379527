"""PROVISIONAL (the documents builder replaces this file): typst behind the house's names."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent


def render(template: str, data: dict[str, Any]) -> bytes:
    return bytes(
        typst.compile(
            str(HERE / "templates" / template),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
        )
    )


def render_many(template: str, data: Sequence[dict[str, Any]]) -> list[bytes]:
    return [render(template, item) for item in data]
