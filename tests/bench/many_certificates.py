"""A register of millions: synthetic rows beside real ones, written past the house into its file.

Those that are asked for carry real signatures and seals of the house's own keys, so that a page
does all of its work; the rest are only there to be passed over.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from app.certificates import cose, seals
from app.certificates.signer import FileSigner
from app.rules.check_characters import ID_BYTES, id_of
from app.storage import secret_key

STATUS_PLACES = 65_536
AT = 1_795_132_800
LEAF = 'INSERT INTO certificate_log_leaf (number, event, "commit", "at")'
Row = dict[str, Any]


def fill(data_dir: Path, count: int, asked: int) -> list[str]:
    """Fill a register up to `count` certificates; return the IDs of `asked` signed ones."""
    database = sqlite3.connect(data_dir / "xiangjiang.sqlite")
    database.row_factory = sqlite3.Row
    for setting in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000"):
        database.execute(f"PRAGMA {setting}")
    pattern = dict(database.execute("SELECT * FROM certificate WHERE status='valid'").fetchone())
    key = FileSigner(data_dir / "signing.key")
    secret_key.use(secret_key.load_or_create(data_dir / "secret.key"))
    pattern["kid"] = cose.kid_of(key.public_key).hex()
    held = database.execute("SELECT COUNT(*) FROM certificate").fetchone()[0]
    first = database.execute("SELECT MAX(number) + 1 FROM certificate_log_leaf").fetchone()[0]
    names = [name for name in pattern if name != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    blanks = ", ".join("?" for _ in names)
    ids: list[str] = []
    with database:
        rows = _rows(pattern, first, max(count - held, asked), asked, key)
        for place, row in enumerate(rows):
            if place < asked:
                ids.append(row["verification_id"])
            database.execute(
                f"INSERT INTO certificate ({columns}) VALUES ({blanks})",
                [row[name] for name in names],
            )
            leaf = (row["leaf_index"], row["commit"], AT)
            database.execute(f"{LEAF} VALUES (?, 1, ?, ?)", leaf)
        _cover(database, first + max(count - held, asked))
    database.execute("ANALYZE")
    database.close()
    return ids


def _rows(pattern: Row, first: int, count: int, asked: int, key: FileSigner) -> Iterator[Row]:
    claim = replace(cose.parse(bytes(pattern["cose"])).claim, issued_at=AT)
    day, seal = date.fromisoformat("2026-11-20").isoformat(), None
    for place in range(count):
        verification_id = id_of(secrets.token_bytes(ID_BYTES))
        number = f"Z{place:015d}"
        signed, commit = (os.urandom(250), os.urandom(32))
        if place < asked:
            own = replace(claim, verification_id=verification_id, number=number)
            day = own.issued_on.isoformat()
            signed, commit = cose.sign(own, key)
        row = pattern | {
            "verification_id": verification_id,
            "number": number,
            "serial": 10_000_000 + place,
            "claim_key": f"synthetic:{place}",
            "leaf_index": first + place,
            "issued_on": day,
            "cose": signed,
            "commit": commit.hex(),
            "status_list": 1_000 + place // STATUS_PLACES,
            "status_index": place % STATUS_PLACES,
            "person_id": None,
        }
        if place < asked:
            sealed = row | {"issued_on": date.fromisoformat(day)}
            seal = seals.seal(sealed, key.public_key, issued_at=AT, photo=None)
        yield row | {"seal": seal}


def _cover(database: sqlite3.Connection, size: int) -> None:
    """Put everything under a checkpoint, which nobody verifies here."""
    database.execute(
        "INSERT INTO certificate_log_checkpoint (size, root, note, at)"
        " SELECT ?, root, note, at FROM certificate_log_checkpoint ORDER BY size DESC LIMIT 1",
        (size,),
    )
