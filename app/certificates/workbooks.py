"""The register as a spreadsheet, for the issuer's own files."""

from collections.abc import AsyncIterator
from typing import Any

from app.certificates import cose, log, register
from app.certificates.kinds import STATUSES
from app.documents.workbooks import Column, Layout, export
from app.errors import N_
from app.rules.certificate_claim import LABELS as CLAIMS
from app.rules.check_characters import printed_id
from app.web.locale import gettext as _

CHUNK = 1000
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


async def register_workbook(basis: str = "", bases: list[str] | None = None) -> bytes:
    """Return the register as a workbook: of one basis, or of those an actor may see."""
    host = await log.host()
    return export(LAYOUT, [row async for row in _rows(host, basis, bases)])


async def _rows(host: str, basis: str, bases: list[str] | None) -> AsyncIterator[dict[str, Any]]:
    after = 0
    while details := await register.all_certificates(basis, after, CHUNK):
        for line in (detail.line for detail in details):
            if bases is None or line.basis in bases:
                yield {
                    "serial": line.serial,
                    "number": line.number,
                    "kind": _(CLAIMS[line.kind]),
                    "name": line.name,
                    "title": line.title,
                    "result": line.result,
                    "issuer": line.issuer_name,
                    "issued_on": line.issued_on,
                    "status": _(STATUSES[line.status]),
                    "code": printed_id(line.verification_id),
                    "url": cose.address(host, line.verification_id),
                }
        after = details[-1].line.serial
