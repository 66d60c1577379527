"""The spreadsheet of a list to check, and the same rows with a verdict and a reason each."""

from dataclasses import dataclass
from functools import cache

from anyio import Lock, to_thread

from app.certificates import answers, reasons
from app.certificates.checking import Answer, Question
from app.certificates.kinds import VERDICTS
from app.certificates.lists import CheckedList
from app.documents.workbooks import Column, Layout, Row, export, read_table, template
from app.errors import N_
from app.rules.certificate_claim import LABELS as CLAIMS
from app.rules.certificate_claim import CertificateKind
from app.web import locale
from app.web.locale import gettext as _
from app.web.templating import iso_datetime

KINDS = {CLAIMS[kind]: int(kind) for kind in CertificateKind}
COLUMNS = (
    Column(
        "number",
        N_("证书编号"),
        width=26,
        hint=N_("与姓名一起填写。"),
        example="2652000000600001",
        is_code=True,
    ),
    Column("name", N_("姓名"), width=16, hint=N_("持证人全名；“·”可填可不填。"), example="张三"),
    Column(
        "id",
        N_("验证码"),
        width=24,
        hint=N_("代替编号；16 位字母和数字。"),
        is_code=True,
        formerly=("Verification code",),
    ),
    Column("qr_text", N_("二维码内容"), width=30, hint=N_("代替编号；扫码枪读出的整段网址。")),
    Column(
        "kind",
        N_("证书类型"),
        width=18,
        hint=N_("填写后，类型不符也会指出。"),
        choices=tuple(KINDS),
        also=tuple((str(number), name) for name, number in KINDS.items()),
    ),
)
ASKED = Layout("certificate_list", N_("证书查验名单"), COLUMNS)
ANSWERED = Layout(
    "certificate_answers",
    N_("证书查验结果"),
    (
        *COLUMNS,
        Column("verdict", N_("结论"), width=14),
        Column("why", N_("说明"), width=44),
        Column("title", N_("名称"), width=30),
        Column("issuer", N_("发证机构"), width=30),
        Column("issued_on", N_("发证日期"), width=14),
        Column("logged_at", N_("首次登记"), width=22),
        Column("late", N_("补登"), width=10),
        Column("url", N_("查验网址"), width=46),
    ),
)


@dataclass(frozen=True)
class Asked:
    """What a spreadsheet asks; `notes` say what is wrong in a row, by its place."""

    questions: list[Question]
    notes: dict[int, str]


def blank() -> bytes:
    """Return the template that an employer fills in."""
    return _blank(locale.current())


@cache
def _blank(_language: str) -> bytes:
    return template(ASKED)


async def read(content: bytes) -> Asked:
    """Read a list; a row that cannot be understood is kept, and answered as such."""
    rows = (await read_table(content, ASKED)).rows
    noted = {place: _note(row) for place, row in enumerate(rows) if row.problems}
    return Asked([_question(row) for row in rows], noted)


def _note(row: Row) -> str:
    return " ".join(f"{problem.column}：{problem.reason}" for problem in row.problems)


def _question(row: Row) -> Question:
    return Question(
        number=row.text("number"),
        name=row.text("name"),
        id=row.text("id"),
        qr_text=row.text("qr_text"),
        kind=KINDS.get(row.text("kind")),
    )


def why(kept: CheckedList, place: int, answer: Answer) -> str:
    """Say in words why a row of a list has its verdict."""
    if place in kept.notes:
        return kept.notes[place]
    return reasons.words_of(answer.reason)


_writing = Lock()
"""One workbook is written at a time: a long one takes a core for half a second."""


async def answered(kept: CheckedList) -> bytes:
    """Return a list that is over as it was asked, with the answers beside it; written once."""
    language = locale.current()
    async with _writing:
        if language not in kept.files:
            kept.files[language] = await to_thread.run_sync(_answered, kept)
    return kept.files[language]


def _answered(kept: CheckedList) -> bytes:
    pairs = zip(kept.questions, kept.answers(), strict=True)
    rows = [
        _row(question, answer) | {"why": why(kept, place, answer)}
        for place, (question, answer) in enumerate(pairs)
    ]
    return export(ANSWERED, rows)


def _row(question: Question, answer: Answer) -> dict[str, object]:
    facts = answer.certificate
    kind = next((name for name, number in KINDS.items() if number == question.kind), "")
    return {
        "number": question.number,
        "name": question.name,
        "id": question.id,
        "qr_text": question.qr_text,
        "kind": kind,
        "verdict": _(VERDICTS[answer.verdict]),
        "title": facts.title if facts else "",
        "issuer": facts.issuer if facts else "",
        "issued_on": facts.issued_on if facts else "",
        "logged_at": iso_datetime(answers.moment_of(facts)),
        "late": _("补登") if facts and facts.late else "",
        "url": facts.url if facts else "",
    }
