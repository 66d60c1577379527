"""Judge a symbol's text with nothing but an offline bundle. Pure."""

import re
from dataclasses import dataclass

from app.certificates import bundle, cose, notes, tree
from app.certificates.bundle import Payload
from app.certificates.cose import NotOurSignature, Signed
from app.certificates.kinds import KeyStatus, Verdict
from app.certificates.notes import BadNote, LogEvent
from app.certificates.verdicts import LATE_SECONDS
from app.rules.certificate_claim import Claim

ADDRESS = re.compile(r"[Hh][Tt][Tt][Pp][Ss]://([^/?#]+)/v/([^/?#]+)(?:\?[^#]*)?(?:#|\Z)")
"""The host and the ID; a query, as apps add to what is handed on, leads to the same page."""


@dataclass(frozen=True)
class Finding:
    """The verdict, why, and the claim where the signature holds."""

    verdict: Verdict
    why: str
    claim: Claim | None = None
    logged_at: int | None = None
    """When it was first logged, in seconds, as a proof shows."""

    @property
    def is_late(self) -> bool:
        """Tell whether it was logged long after its printed date."""
        if self.claim is None or self.logged_at is None:
            return False
        return self.logged_at - self.claim.issued_at > LATE_SECONDS


def signed_in(text: str) -> Signed:
    """Return what a symbol's text carries, unchecked; raise `NotOurSignature`."""
    return cose.parse(cose.from_fragment(_digits(text)))


def is_at(text: str, host: str, verification_id: str) -> bool:
    """Tell whether a symbol's text leads to the page of a certificate, and to no other site."""
    return bool(verification_id) and _id_at(text, host) == verification_id


def bare_id(text: str, host: str) -> str:
    """Return the ID of an address of ours that comes without its signature; empty for another."""
    return "" if _digits(text) else _id_at(text, host)


def is_foreign(text: str, host: str) -> bool:
    """Tell whether a symbol is no certificate's: no address of ours, nor digits behind another."""
    return not _digits(text) and not _id_at(text, host)


def _id_at(text: str, host: str) -> str:
    found = ADDRESS.match(text.strip())
    return found[2] if found and found[1] == host else ""


def _digits(text: str) -> str:
    """Return what stands where the signature does; nothing where an app added a word of its own."""
    fragment = text.strip().partition("#")[2]
    return fragment if re.match("[0-9]", fragment) else ""


def judge(text: str, known: Payload, proof: str = "") -> Finding:
    """Judge a symbol's text as of the bundle; `proof` is its tlog-proof or empty."""
    if bare_id(text, known.host):
        return Finding(Verdict.UNCERTAIN, "no_signature")
    if is_foreign(text, known.host):
        return Finding(Verdict.UNCERTAIN, "not_ours")
    try:
        signed = signed_in(text)
    except NotOurSignature:
        return Finding(Verdict.FORGED, "damaged")
    key = known.keys.get(signed.kid.hex())
    if key is None:
        # Of a key that came into use since, or of nobody's: a bundle cannot tell.
        return Finding(Verdict.UNCERTAIN, "unknown_key")
    if not cose.is_signed_by(signed, bytes.fromhex(key.public_key)):
        return Finding(Verdict.FORGED, "signature")
    if not is_at(text, known.host, signed.claim.verification_id):
        return Finding(Verdict.UNCERTAIN, "address", signed.claim)
    return _by_lists(signed, key, known, proof)


def _by_lists(signed: Signed, key: bundle.KeyFacts, known: Payload, proof: str) -> Finding:
    if known.holds(known.revoked, signed.commit):
        return Finding(Verdict.REVOKED, "revoked", signed.claim)
    if known.holds(known.corrected, signed.commit):
        return Finding(Verdict.CORRECTED, "corrected", signed.claim)
    return _by_key(signed, key, known, proof)


def _by_key(signed: Signed, key: bundle.KeyFacts, known: Payload, proof: str) -> Finding:
    index, logged_at = None, None
    if proof:
        try:
            index, logged_at = _proven(signed, known, proof)
        except BadNote:
            return Finding(Verdict.UNCERTAIN, "proof", signed.claim)
    if key.status == KeyStatus.COMPROMISED.value and (
        index is None or key.last_index is None or index > key.last_index
    ):
        return Finding(Verdict.UNCERTAIN, "compromised_key", signed.claim, logged_at)
    return Finding(Verdict.VALID, "logged" if proof else "signed", signed.claim, logged_at)


def _proven(signed: Signed, known: Payload, proof: str) -> tuple[int, int]:
    """Return where and when a proof shows this certificate's issue; raise `BadNote`.

    A proof alone has no leaf; `extra` carries the leaf's bytes, and with them its time.
    """
    index, path, note = notes.parse_proof(proof)
    checkpoint = notes.parse_checkpoint(notes.open_note(note, known.log_vkey))
    leaf = notes.parse_leaf(notes.proof_extra(proof))
    if leaf.event is not LogEvent.ISSUED or leaf.commit != signed.commit:
        raise BadNote("another leaf")
    if not tree.includes(tree.leaf_hash(leaf.data), index, checkpoint.size, path, checkpoint.root):
        raise BadNote("not included")
    return index, leaf.at
