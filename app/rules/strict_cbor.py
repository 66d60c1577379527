"""Read deterministic CBOR (RFC 8949 section 4.2.1), and only the few types that we write.

General decoders follow tags into dates, patterns and shared references; a verifier that strangers
feed should not. Every other encoding of the same value is refused.
"""

from typing import Final

from cbor2 import CBORTag

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG = range(7)
SHORTEST: Final = {24: (1, 24), 25: (2, 2**8), 26: (4, 2**16), 27: (8, 2**32)}
DEEPEST: Final = 8


class BadCbor(ValueError):
    """The bytes are not deterministic CBOR of the types that we write."""


def loads(data: bytes) -> object:
    """Return the one value that the bytes hold; raise `BadCbor` for anything else."""
    value, end = _item(data, 0, DEEPEST)
    if end != len(data):
        raise BadCbor("bytes after the end")
    return value


def _item(data: bytes, start: int, depth: int) -> tuple[object, int]:
    major, argument, place = _head(data, start)
    if depth == 0:
        raise BadCbor("too deep")
    if major in {UNSIGNED, NEGATIVE}:
        return (argument if major == UNSIGNED else -1 - argument), place
    if major in {BYTES, TEXT}:
        return _string(data, place, argument, is_text=major == TEXT)
    if major == ARRAY:
        return _array(data, place, argument, depth)
    if major == MAP:
        return _map(data, place, argument, depth)
    value, end = _item(data, place, depth - 1)
    return CBORTag(argument, value), end


def _head(data: bytes, start: int) -> tuple[int, int, int]:
    if start >= len(data):
        raise BadCbor("cut short")
    major, short = data[start] >> 5, data[start] & 31
    if major > TAG:
        raise BadCbor("a simple value or a float")
    if short < min(SHORTEST):
        return major, short, start + 1
    if short not in SHORTEST:
        raise BadCbor("an indefinite length")
    length, least = SHORTEST[short]
    end = start + 1 + length
    argument = int.from_bytes(data[start + 1 : end])
    if end > len(data) or argument < least:
        raise BadCbor("not the shortest form")
    return major, argument, end


def _string(data: bytes, start: int, length: int, *, is_text: bool) -> tuple[bytes | str, int]:
    end = start + length
    if end > len(data):
        raise BadCbor("cut short")
    raw = data[start:end]
    if not is_text:
        return raw, end
    try:
        return raw.decode(), end
    except UnicodeDecodeError as error:
        raise BadCbor("not UTF-8") from error


def _array(data: bytes, start: int, length: int, depth: int) -> tuple[list[object], int]:
    values: list[object] = []
    place = start
    for _ in range(length):
        value, place = _item(data, place, depth - 1)
        values.append(value)
    return values, place


def _map(data: bytes, start: int, length: int, depth: int) -> tuple[dict[object, object], int]:
    values: dict[object, object] = {}
    place, before = start, b""
    for _ in range(length):
        key_start = place
        key, place = _item(data, place, depth - 1)
        written = data[key_start:place]
        if not isinstance(key, int | str | bytes) or written <= before:
            raise BadCbor("keys out of order, twice, or of another type")
        before = written
        values[key], place = _item(data, place, depth - 1)
    return values, place
