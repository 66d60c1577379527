"""Forms as stored: one JSON text for all sheets that use it, read once a process."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from app.rules.mark_sheet import SheetAspect, SheetForm, refuse_unfit_form
from app.sheets.tables import SheetDefinition

MOST_KNOWN: Final = 2_000
_by_digest: dict[str, SheetForm] = {}


def encoded(form: SheetForm) -> bytes:
    """Return the bytes under which a form is stored and hashed."""
    return msgspec.json.encode(form, order="deterministic")


def digest_of(form: SheetForm) -> str:
    """Return the hex SHA-256 of a form's bytes."""
    return hashlib.sha256(encoded(form)).hexdigest()


async def by_id(digests: Mapping[int, str]) -> dict[int, SheetForm]:
    """Return forms by their row id; `digests` tells the digest of each."""
    missing = sorted(form_id for form_id, digest in digests.items() if digest not in _by_digest)
    if missing:
        if len(_by_digest) > MOST_KNOWN:
            _by_digest.clear()
            missing = sorted(digests)
        rows = await SheetDefinition.select(
            SheetDefinition.digest, SheetDefinition.definition
        ).where(SheetDefinition.id.is_in(missing))
        _by_digest.update(
            {row["digest"]: msgspec.json.decode(row["definition"], type=SheetForm) for row in rows}
        )
    return {form_id: _by_digest[digest] for form_id, digest in digests.items()}


async def by_digest(digests: Iterable[str]) -> dict[str, SheetForm]:
    """Return stored forms by their digest."""
    ids = await _ids(digests)
    found = await by_id({form_id: digest for digest, form_id in ids.items()})
    return {digest: found[form_id] for digest, form_id in ids.items()}


async def former_aspects(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SheetAspect]:
    """Return aspects as a scheme had them, by the scheme's SHA-256 and the aspect's id."""
    places = set(wanted)
    schemes = sorted({scheme for scheme, _ in places})
    if not schemes:
        return {}
    rows = await SheetDefinition.select(SheetDefinition.definition).where(
        SheetDefinition.scheme_sha256.is_in(schemes)
    )
    found = [msgspec.json.decode(row["definition"], type=SheetForm) for row in rows]
    return {
        (form.scheme.sha256, aspect.id): aspect
        for form in found
        for aspect in form.aspects
        if (form.scheme.sha256, aspect.id) in places
    }


async def store_within(forms: Iterable[SheetForm]) -> dict[str, int]:
    """Store the forms that are not there yet; return row ids by digest. Raise `FormUnfit`."""
    wanted = {digest_of(form): form for form in forms}
    known = await _ids(wanted)
    new = [digest for digest in wanted if digest not in known]
    for digest in new:
        form = wanted[digest]
        refuse_unfit_form(form)
        row = SheetDefinition(
            digest=digest,
            title=form.title,
            scheme_sha256=form.scheme.sha256,
            aspect_count=len(form.aspects),
            definition=encoded(form).decode(),
        )
        await row.save()
        known[digest] = row.id
    return known


async def _ids(digests: Iterable[str]) -> dict[str, int]:
    rows = await SheetDefinition.select(SheetDefinition.id, SheetDefinition.digest).where(
        SheetDefinition.digest.is_in(sorted(digests) or [""])
    )
    return {row["digest"]: row["id"] for row in rows}
