"""The paper's QR symbol: a byte segment, then a numeric one, level M, a fixed mask, drawn as runs.

Bit for bit what the `qrcode` library draws for these segments and this mask (a test compares them);
its tables are used, its general placement and arithmetic are not, since batches draw thousands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from operator import itemgetter

from qrcode import QRCode
from qrcode.base import RSBlock, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.LUT import rsPoly_LUT

from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import MODULE_MM, QUIET_MODULES, symbol_version

MASK = 3
BYTE_MODE, NUMERIC_MODE = 4, 1
PADDING = (0xEC, 0x11)
LONG_COUNTS_FROM = 10
RUN = re.compile("1+|0+")
STEP = 8


@refusal
class SymbolTooLarge(RuleBroken):
    """The text needs more than version 15."""

    says = N_("二维码内容太长，超过了 15 号版式。")


@dataclass(frozen=True)
class Symbol:
    """A drawn symbol; each row is a string of 0 and 1, without the quiet zone."""

    version: int
    rows: tuple[str, ...]

    @property
    def width_mm(self) -> float:
        """The printed width with its quiet zone of four modules."""
        return (len(self.rows) + 2 * QUIET_MODULES) * MODULE_MM

    def svg(self) -> str:
        """Return the symbol as a vector with its quiet zone, one unit a module.

        Each row is a line one module wide, drawn where it is dark: two fifths of the corners of as
        many rectangles.
        """
        side = len(self.rows) + 2 * QUIET_MODULES
        steps = _steps()
        lines = "".join(
            f"M{QUIET_MODULES} {place}.5"
            + "".join([steps[row[start : start + STEP]] for start in range(0, len(row), STEP)])
            for place, row in enumerate(self.rows, start=QUIET_MODULES)
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
            f'shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
            f'<path fill="none" stroke="#000" d="{lines}"/></svg>'
        )


@dataclass(frozen=True)
class _Plan:
    """What all symbols of a version share."""

    side: int
    count: int
    place: Callable[[str], tuple[str, ...]]
    mask: int
    blocks: tuple[RSBlock, ...]


def draw(text: str) -> Symbol:
    """Draw `https://…#` as bytes and the decimal after it as digits; raise `SymbolTooLarge`."""
    start, hash_, digits = text.partition("#")
    prefix = f"{start}{hash_}".encode()
    version = symbol_version(len(prefix), len(digits))
    if version is None:
        raise SymbolTooLarge
    plan = _plan(version)
    codewords = _interleaved(_data(prefix, digits, version, plan.blocks), plan.blocks)
    spare = plan.count - 8 * len(codewords)
    bits = (int.from_bytes(codewords) << spare) ^ plan.mask
    cells = "".join(plan.place(f"{bits:0{plan.count}b}01"))
    return Symbol(
        version, tuple(cells[row : row + plan.side] for row in range(0, len(cells), plan.side))
    )


def _data(prefix: bytes, digits: str, version: int, blocks: tuple[RSBlock, ...]) -> bytes:
    counts = (16, 12) if version >= LONG_COUNTS_FROM else (8, 10)
    groups = (digits[place : place + 3] for place in range(0, len(digits), 3))
    bits = f"{BYTE_MODE:04b}{len(prefix):0{counts[0]}b}{int.from_bytes(prefix):0{8 * len(prefix)}b}"
    bits += f"{NUMERIC_MODE:04b}{len(digits):0{counts[1]}b}"
    bits += "".join(map(_numeric().__getitem__, groups))
    limit = sum(block.data_count for block in blocks)
    bits += "0" * min(4, 8 * limit - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8)
    padding = bytes(PADDING[place % 2] for place in range(limit - len(data)))
    return data + padding


@cache
def _numeric() -> Mapping[str, str]:
    """Return the bits of up to three digits."""
    return {
        f"{number:0{length}d}": f"{number:0{bits}b}"
        for length, bits in ((1, 4), (2, 7), (3, 10))
        for number in range(10**length)
    }


def _interleaved(data: bytes, blocks: tuple[RSBlock, ...]) -> bytes:
    parts: list[bytes] = []
    corrections: list[bytes] = []
    start = 0
    for block in blocks:
        part = data[start : start + block.data_count]
        parts.append(part)
        corrections.append(_correction(part, block.total_count - block.data_count))
        start += block.data_count
    return _by_turns(parts) + _by_turns(corrections)


def _by_turns(parts: list[bytes]) -> bytes:
    """Return the first byte of each part, the second of each; some parts are one byte longer."""
    count, shortest = len(parts), min(map(len, parts))
    turns = bytearray(count * shortest)
    for place, part in enumerate(parts):
        turns[place::count] = part[:shortest]
    return bytes(turns) + b"".join(part[shortest:] for part in parts)


def _correction(data: bytes, count: int) -> bytes:
    """Return the Reed-Solomon remainder by a register as wide as the code."""
    table, top, kept = _remainders(count), 8 * (count - 1), (1 << 8 * (count - 1)) - 1
    register = 0
    for byte in data:
        register = ((register & kept) << 8) ^ table[(register >> top) ^ byte]
    return register.to_bytes(count)


@cache
def _remainders(count: int) -> tuple[int, ...]:
    generator = rsPoly_LUT[count][1:]
    return tuple(
        int.from_bytes(bytes(_times(byte, factor) for factor in generator)) for byte in range(256)
    )


@cache
def _times(left: int, right: int) -> int:
    """Multiply in GF(256) with the polynomial 0x11d (ISO/IEC 18004)."""
    found = 0
    while right:
        if right & 1:
            found ^= left
        left = (left << 1) ^ (0x11D if left & 0x80 else 0)
        right >>= 1
    return found


@cache
def _plan(version: int) -> _Plan:
    library = QRCode(version=version, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    library.data_cache = []
    library.map_data = lambda *_: None
    library.makeImpl(False, MASK)  # noqa: FBT003 - the library's own signature
    side = len(library.modules)
    modules = library.modules
    order = [(row, column) for row, column in _zigzag(side) if modules[row][column] is None]
    mask = int("".join("1" if (row + column) % 3 == 0 else "0" for row, column in order), 2)
    # Where the bit of each cell stands: in the data, or in the light and the dark after them.
    bits = {place: number for number, place in enumerate(order)}
    sources = [
        bits.get((row, column), len(order) + bool(modules[row][column]))
        for row in range(side)
        for column in range(side)
    ]
    blocks = tuple(rs_blocks(version, ERROR_CORRECT_M))
    return _Plan(side, len(order), itemgetter(*sources), mask, blocks)


@cache
def _steps() -> Mapping[str, str]:
    """Return the moves and strokes over up to eight cells of a row, from their left edge."""
    return {
        cells: "".join(
            f"{'h' if run[0][0] == '1' else 'm'}{len(run[0])}{'' if run[0][0] == '1' else ' 0'}"
            for run in RUN.finditer(cells)
        )
        for length in range(1, STEP + 1)
        for cells in map("".join, product("01", repeat=length))
    }


def _zigzag(side: int) -> list[tuple[int, int]]:
    """Return all places in the order of data: two columns up, two down, from the right."""
    order: list[tuple[int, int]] = []
    columns = [column - 1 if column <= 6 else column for column in range(side - 1, 0, -2)]
    for turn, column in enumerate(columns):
        rows = range(side) if turn % 2 else range(side - 1, -1, -1)
        order += [(row, place) for row in rows for place in (column, column - 1)]
    return order
