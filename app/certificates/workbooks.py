"""The register as a spreadsheet, for the issuer's own files."""

from typing import Any

import anyio.to_thread

from app.certificates import cose, log, register
from app.certificates.damage import DamagedLine
from app.certificates.kinds import STATUSES
from app.certificates.register import AnyLine, CertificateFilter
from app.documents.workbooks import Column, Layout, export
from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import LABELS as CLAIMS
from app.rules.check_characters import printed_id
from app.web.locale import gettext as _

MOST_ROWS = 100_000
EVERYTHING = CertificateFilter()


@refusal
class TooManyToExport(RuleBroken):
    """The register is longer than a spreadsheet should be."""

    says = N_(
        "要导出的有 {found} 张证书，一份表格最多 {most} 张。"
        "请先筛选再导出，例如一个批次、一种证书；或请管理员用 xiangjiang certificates 列出全部。"
    )
    most: int
    found: int


LAYOUT = Layout(
    kind="certificates",
    title=N_("证书登记表"),
    columns=(
        Column("serial", N_("系统流水号"), width=12),
        Column("number", N_("证书编号"), width=24),
        Column("kind", N_("证书类型"), width=18),
        Column("name", N_("姓名"), width=16),
        Column("title", N_("名称"), width=40),
        Column("result", N_("结果")),
        Column("issuer", N_("发证机构"), width=30),
        Column("issued_on", N_("发证日期")),
        Column("status", N_("状态")),
        Column("code", N_("验证码"), width=24),
        Column("url", N_("查验网址"), width=46),
    ),
)


async def register_workbook(
    chosen: CertificateFilter = EVERYTHING, bases: list[str] | None = None
) -> bytes:
    """Return what is chosen of the register as a workbook, within the bases an actor may see.

    Raise `TooManyToExport`. A row that cannot be read is there with what it still shows.
    """
    found = await register.count_of(chosen, bases)
    if found > MOST_ROWS:
        raise TooManyToExport(MOST_ROWS, found)
    host = await log.host()
    rows: list[dict[str, Any]] = []
    after = 0
    while part := await register.part_of(chosen, bases, after):
        rows += [_row(line, host) for line in part]
        after = part[-1].id
    return await anyio.to_thread.run_sync(export, LAYOUT, rows)


def _row(line: AnyLine, host: str) -> dict[str, Any]:
    shown = {"number": line.number, "name": line.name, "title": line.title}
    if isinstance(line, DamagedLine):
        return shown | {"status": _("登记损坏")}
    return shown | {
        "serial": line.serial,
        "kind": _(CLAIMS[line.kind]),
        "result": line.result,
        "issuer": line.issuer_name,
        "issued_on": line.issued_on,
        "status": _(STATUSES[line.status]),
        "code": printed_id(line.verification_id),
        "url": cose.address(host, line.verification_id),
    }
