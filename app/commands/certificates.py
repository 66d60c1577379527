"""`certificates`: every certificate, for the operator; JSON is one array and nothing else."""

import argparse
import json
import sys

from app.certificates import cose, log, register
from app.certificates.register import CertificateDetail
from app.commands.running import in_house

Verbs = argparse._SubParsersAction
CHUNK = 1000


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("certificates", help="列出证书：编号、姓名、状态、网址和二维码内容")
    verb.add_argument("--event", type=int, metavar="ID", help="只列这个赛项的")
    verb.add_argument("--sitting", type=int, metavar="ID", help="只列这个考核批次的")
    verb.add_argument("--json", action="store_true", help="以 JSON 数组输出")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the certificates."""
    basis = ""
    if arguments.event is not None:
        basis = f"competitions.event:{arguments.event}"
    elif arguments.sitting is not None:
        basis = f"assessments.sitting:{arguments.sitting}"
    items = in_house(lambda _: listed(basis))
    if arguments.json:
        sys.stdout.write(json.dumps(items, ensure_ascii=False, indent=1) + "\n")
        return 0
    for item in items:
        line = (
            item["id"],
            item["number"],
            item["name"],
            item["title"],
            item["status"],
            item["issued_on"],
        )
        sys.stdout.write("\t".join(str(part) for part in line) + "\n")
    return 0


async def listed(basis: str) -> list[dict[str, object]]:
    """List the certificates of a basis, of every one where it is empty, as `--json` prints them."""
    host = await log.host()
    items: list[dict[str, object]] = []
    after = 0
    while details := await register.all_certificates(basis, after, CHUNK):
        items += [_item(host, detail) for detail in details]
        after = details[-1].line.serial
    if damaged := await register.damaged_count(len(items), basis):
        sys.stderr.write(f"有 {damaged} 张证书的登记读不出来，没有列出，见 xiangjiang check\n")
    return items


def _item(host: str, detail: CertificateDetail) -> dict[str, object]:
    line = detail.line
    return {
        "id": line.verification_id,
        "url": cose.address(host, line.verification_id),
        "qr_text": register.qr_text(host, detail),
        "type": int(line.kind),
        "number": line.number,
        "name": line.name,
        "title": line.title,
        "status": line.status.value,
        "issued_on": line.issued_on.isoformat(),
    }
