"""Certificates, who issues them, how they are numbered, and the log.

No row here points at a room: `basis` is a word such as "competitions.event:12". Whole numbers of
time are seconds since 1970 UTC, as the log signs them. Hashes and keys are lower-case hex.
"""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Blob, Day, Flag, Instant, Text, Unique, Whole, belongs_to


class CertificateIssuer(Table, tablename="issuer"):
    """A body that issues; the words it is authorised to print, and by which document."""

    id: Serial
    name = Text(unique=True)
    region_code = Text()
    body_code = Text()  # its part of an official number; empty for none
    authorized_words = Text()  # JSON list
    authority = Text()  # the document that authorises them; empty for none
    is_closed = Flag()
    created_at = Instant()
    version = Whole()


class NumberTemplate(Table, tablename="certificate_number_template"):
    """How official numbers look from a date on; no issuer means all that have none of their own."""

    id: Serial
    kind = Whole()  # CertificateKind
    issuer = belongs_to(CertificateIssuer, optional=True)
    effective_on = Day()
    pattern = Text()
    created_at = Instant()


class NumberCounter(Table, tablename="certificate_number_counter"):
    """The last serial of one rendering of a template's other parts."""

    id: Serial
    name = Text(unique=True)
    last = Whole()


class CertificateBatch(Table, tablename="certificate_batch"):
    """Certificates asked for together; its tasks say how far it is."""

    id: Serial
    basis = Text(index=True)
    kind = Whole()
    issuer = belongs_to(CertificateIssuer)
    title = Text()
    state = Text(index=True)  # BatchState
    problem = Text()  # why it stopped; empty for none
    total = Whole()
    account_id = Whole(optional=True)
    account_name = Text()
    created_at = Instant()
    finished_at = Instant(optional=True)


class CertificateTask(Table, tablename="certificate_task"):
    """One certificate to be issued; done when it has a certificate."""

    id: Serial
    batch = belongs_to(CertificateBatch)
    position = Whole()
    facts = Text()  # JSON of ClaimFacts
    certificate_id = Whole(optional=True)
    certificate_task_place = Unique(["batch", "position"])


class Certificate(Table, tablename="certificate"):
    """One certificate as signed, and its present status."""

    id: Serial
    verification_id = Text(unique=True)  # 16 Crockford base32 characters
    serial = Whole(unique=True)  # the system's own
    number = Text(unique=True)  # the official number
    kind = Whole(index=True)
    basis = Text(index=True)
    claim_key = Text()  # one certificate per (basis, kind, claim_key, generation)
    generation = Whole()  # 0, and 1 up for corrections
    batch_id = Whole(optional=True, index=True)
    person_id = Whole(optional=True, index=True)
    name = Text()
    name_key = Text()  # as people type it: no dots, blanks or case
    title = Text()
    claim_title = Text()  # what the signature holds: the title, or its short form
    result = Text()
    issuer = belongs_to(CertificateIssuer)
    issuer_name = Text()
    issued_on = Day()
    prints = Text()  # JSON: further texts of the paper, by label
    has_photo = Flag()
    cose = Blob()
    commit = Text(unique=True)
    kid = Text()
    leaf_index = Whole(unique=True)
    status = Text(index=True)  # CertificateStatus
    status_at = Instant(optional=True)
    reason_code = Text()  # RevocationReason; empty for none
    reason = Text()  # in words, for the journal and the desk; not public
    successor_id = Text(optional=True)  # verification ID of the corrected one
    predecessor_id = Text(optional=True)
    reissues = Whole()
    status_list = Whole()
    status_index = Whole()  # random, below STATUS_LIST_LENGTH
    created_at = Instant()
    seal = Blob(optional=True)  # `seals`: its signature was checked; none, or wrong: not yet
    version = Whole()
    certificate_claim_once = Unique(["basis", "kind", "claim_key", "generation"])
    certificate_status_place = Unique(["status_list", "status_index"])


class CertificatePhoto(Table, tablename="certificate_photo"):
    """The holder's picture; printed, never signed, never public."""

    id: Serial
    certificate = belongs_to(Certificate, unique=True)
    content = Blob()


class IssuingKey(Table, tablename="certificate_issuing_key"):
    """Every key that ever signed; its private half is in the signer alone."""

    id: Serial
    kid = Text(unique=True)
    public_key = Text(unique=True)
    first_index = Whole()  # leaf of its addition
    last_index = Whole(optional=True)  # last leaf it may have signed
    status = Text()  # KeyStatus
    added_at = Instant()


class KeyProposal(Table, tablename="certificate_key_proposal"):
    """A change of the issuing keys that one person wants; another approves or declines it."""

    id: Serial
    act = Text()  # KeyAct
    kid = Text()  # the key that is rotated, retired or declared compromised
    from_index = Whole(optional=True)  # of a compromise: the first leaf that is not believed
    reason = Text()
    state = Text(index=True)  # ProposalState
    proposed_by = Whole(optional=True)  # account; none for the operator's shell
    proposed_name = Text()
    proposed_at = Instant()
    decided_by = Whole(optional=True)
    decided_name = Text()  # empty while it is open
    decided_at = Instant(optional=True)


class LogHead(Table, tablename="certificate_log_head"):
    """The growing end of the log; one row, locked by whoever appends."""

    id: Serial
    host = Text()  # frozen at the first issue
    size = Whole()
    edges = Text()  # JSON list: hex of the partial tile of each level, the lowest first
    serial = Whole()  # the last system serial
    changes = Whole()  # goes up with everything that a public page could show otherwise
    vkeys = Text(optional=True)  # a line for each log key, the last one signs now


class LogLeaf(Table, tablename="certificate_log_leaf"):
    """One event of the log; append-only. Its bytes are CBOR [event, commit, at]."""

    id: Serial
    number = Whole(unique=True)  # 0, 1, 2 … without gaps
    event = Whole()
    commit = Text(index=True)
    at = Whole()


class LogTile(Table, tablename="certificate_log_tile"):
    """A full tile of 256 hashes."""

    id: Serial
    level = Whole()
    number = Whole()
    hashes = Blob()
    certificate_log_tile_place = Unique(["level", "number"])


class LogCheckpoint(Table, tablename="certificate_log_checkpoint"):
    """A signed tree head, as published."""

    id: Serial
    size = Whole(unique=True)
    root = Text()
    note = Text()
    at = Instant()


class LogCosignature(Table, tablename="certificate_log_cosignature"):
    """A witness's line under a checkpoint."""

    id: Serial
    size = Whole(index=True)
    witness = Text()
    line = Text()
    at = Instant()
    certificate_log_cosignature_once = Unique(["size", "witness"])


TABLES: list[type[Table]] = [
    CertificateIssuer,
    NumberTemplate,
    NumberCounter,
    CertificateBatch,
    CertificateTask,
    Certificate,
    CertificatePhoto,
    IssuingKey,
    KeyProposal,
    LogHead,
    LogLeaf,
    LogTile,
    LogCheckpoint,
    LogCosignature,
]
