"""Hold the rows around certificates against the journal: what `check` finds edited there.

The journal's own chain is checked beside this; here it is believed. Records of earlier releases
say less, and what they do not say is not compared.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.audit import queries as journal
from app.audit.acts import Act
from app.audit.queries import PastAct
from app.certificates.facts import read_facts, tasks_digest
from app.certificates.kinds import BatchState
from app.certificates.tables import (
    Certificate,
    CertificateBatch,
    CertificateIssuer,
    NumberTemplate,
)
from app.storage import engine
from app.storage.engine import read_snapshot

Row = Mapping[str, Any]
Acts = dict[str, list[PastAct]]
CHANGES = frozenset(
    {
        Act.CERTIFICATE_REVOKED,
        Act.CERTIFICATE_RESTORED,
        Act.CERTIFICATE_CORRECTED,
        Act.CERTIFICATE_REISSUED,
    }
)
STATE_AFTER = {
    Act.CERTIFICATES_ORDERED: BatchState.RUNNING,
    Act.CERTIFICATES_CONTINUED: BatchState.RUNNING,
    Act.CERTIFICATES_ISSUED: BatchState.DONE,
    Act.CERTIFICATES_STOPPED: BatchState.STOPPED,
}
TASKS = """
SELECT t."position", t.facts, t.certificate_id, c.basis, c.kind, c.claim_key
FROM certificate_task t LEFT JOIN certificate c ON c.id = t.certificate_id
WHERE t.batch = ? ORDER BY t."position"
"""


async def problems() -> list[str]:
    """Return where issuers, number templates, batches and the acts on certificates differ."""
    async with read_snapshot():
        return [
            *await _issuer_problems(),
            *await _template_problems(),
            *await _batch_problems(),
            *await _act_problems(),
        ]


async def _issuer_problems() -> list[str]:
    acts = await journal.acts_under("certificates.issuer:")
    rows = {f"certificates.issuer:{row['id']}": row for row in await CertificateIssuer.select()}

    def differences(row: Row, past: list[PastAct]) -> list[str]:
        said = {**past[-1].after, "created_at": past[0].at, "version": len(past)}
        return _differences(row, said)

    return _compared("issuer", rows, acts, differences)


async def _template_problems() -> list[str]:
    acts = await journal.acts_under("certificates.number_template:")
    rows = {f"certificates.number_template:{row['id']}": row for row in await _templates()}

    def differences(row: Row, past: list[PastAct]) -> list[str]:
        return _differences(row, {**past[-1].after, "created_at": past[-1].at})

    return _compared("number template", rows, acts, differences)


async def _templates() -> list[dict[str, Any]]:
    rows = await NumberTemplate.select()
    return [{**row, "effective_on": row["effective_on"].isoformat()} for row in rows]


async def _batch_problems() -> list[str]:
    acts = await journal.acts_under("certificates.batch:")
    rows = {f"certificates.batch:{row['id']}": row for row in await CertificateBatch.select()}
    found = _compared("batch", rows, acts, _batch_differences)
    for subject, row in rows.items():
        tasks = [tuple(task) for task in await engine.fetch(TASKS, [row["id"]])]
        ordered = acts[subject][0].after if subject in acts else {}
        found += [f"batch {row['id']} {what}" for what in _task_problems(row, tasks, ordered)]
    return found


def _batch_differences(row: Row, past: list[PastAct]) -> list[str]:
    ordered, last = past[0], [one for one in past if one.act in STATE_AFTER][-1]
    said = {
        **{name: value for name, value in ordered.after.items() if name in row},
        "total": ordered.after.get("count"),
        "account_id": ordered.account_id,
        "account_name": ordered.account_name,
        "created_at": ordered.at,
        "state": STATE_AFTER[last.act].value,
    }
    if last.act in {Act.CERTIFICATES_ISSUED, Act.CERTIFICATES_STOPPED}:
        said |= {"problem": last.after["problem"], "finished_at": last.at}
    return _differences(row, said)


def _task_problems(row: Row, tasks: list[tuple[Any, ...]], ordered: Row) -> Iterable[str]:
    digest = tasks_digest((position, facts) for position, facts, *_ in tasks)
    if ordered.get("sha256", digest) != digest:
        yield "has other tasks than were ordered"
        return
    for position, facts, certificate_id, *issued in tasks:
        is_open = certificate_id is None and row["state"] != BatchState.DONE.value
        if not is_open and issued != [row["basis"], row["kind"], read_facts(facts).claim_key]:
            yield f"has a task, {position}, with another certificate than was issued"


async def _act_problems() -> list[str]:
    """Return certificates that were put back to how they stood before an act, seal and all."""
    acts = await journal.acts_under("certificates.certificate:")
    rows = await Certificate.select(Certificate.id, Certificate.version).where(
        Certificate.version != 1
    )
    versions = {f"certificates.certificate:{row['id']}": row["version"] for row in rows}
    counted = {
        subject: 1 + sum(one.act in CHANGES for one in past) for subject, past in acts.items()
    }
    return [
        f"register: certificate {subject.partition(':')[2]} was changed another number of times"
        " than the journal tells"
        for subject in sorted(versions.keys() | counted.keys())
        if versions.get(subject, 1) != counted.get(subject, 1)
    ]


def _compared(word: str, rows: Mapping[str, Row], acts: Acts, differences: Any) -> list[str]:
    found = []
    for subject in sorted(rows.keys() | acts.keys()):
        number = subject.partition(":")[2]
        if subject not in acts:
            found.append(f"{word} {number} is not in the journal")
        elif subject not in rows:
            found.append(f"{word} {number} is missing")
        elif parts := differences(rows[subject], acts[subject]):
            found.append(f"{word} {number} differs from the journal: {' '.join(parts)}")
    return found


def _differences(row: Row, said: Row) -> list[str]:
    return sorted(name for name, value in said.items() if row[name] != value)
