"""`verify`: check a certificate's picture, PDF or address, against a bundle or the register."""

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.certificates import answers, checking, offline, reasons, scanning
from app.certificates.bundle import BadBundle, open_bundle
from app.certificates.checking import Question
from app.certificates.kinds import VERDICTS, Verdict
from app.commands.running import in_house
from app.errors import N_
from app.rules.certificate_claim import LABELS as CLAIMS
from app.rules.certificate_claim import CertificateKind, Claim
from app.rules.check_characters import printed_id
from app.settings import Settings
from app.web.clock import SHANGHAI, now

Verbs = argparse._SubParsersAction
UNLIMITED = 0
OFFLINE = {
    "not_ours": N_("这不是证书的二维码；若印在证书上，可能是伪造的"),
    "damaged": N_("二维码内容损坏，或不是本系统签发的"),
    "unknown_key": N_(
        "签名所用的密钥不在这份密钥包里：可能是此后换的新密钥，也可能是伪造，请换用新的密钥包"
    ),
    "signature": N_("签名不成立"),
    "address": N_("二维码的网址与签名的验证码或发证网站的主机不符"),
    "revoked": N_("已被撤销"),
    "corrected": N_("已被更正，请以新证书为准"),
    "no_signature": N_("网址没有带上二维码里的签名，不联网不能确认"),
    "proof": N_("日志证明不成立"),
    "compromised_key": N_("签名的密钥已失密，需要日志证明才能确认"),
    "logged": N_("签名有效，已登记在日志中"),
    "signed": N_("签名有效，截至密钥包的日期未被撤销；是否登记在日志中需联网或凭日志证明查验"),
}
REGISTER_ONLY = "register_only"
ONLINE = {
    REGISTER_ONLY: N_("网址没有带上二维码里的签名，只查了登记，没有核对纸面"),
    Verdict.CORRECTED.value: OFFLINE["corrected"],
}
"""What is said besides the words of the reasons."""


@dataclass(frozen=True)
class Outcome:
    """What is printed."""

    verdict: Verdict
    why: str
    says: str
    claim: Claim | None
    as_of: str
    known_by: str = ""
    logged_at: datetime | None = None
    is_late: bool = False


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("verify", help="核验证书的图片、PDF 或网址，可离线")
    verb.add_argument("target", metavar="FILE|URL", help="证书的图片、PDF 文件，或二维码里的网址")
    verb.add_argument(
        "--bundle", metavar="FILE", type=Path, help="离线密钥包（/offline.json）；不给则查本机登记"
    )
    verb.add_argument("--proof", metavar="FILE", type=Path, help="日志证明（/v/<ID>.tlog-proof）")
    verb.add_argument(
        "--vkey", metavar="KEY", default="", help="日志的公钥（/log/vkey）；不给则采用密钥包自带的"
    )
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict; 0 only for a valid certificate."""
    text = _text(arguments.target)
    if text is None:
        sys.stdout.write(f"{arguments.target}: 没有这个文件\n")
        return 2
    try:
        outcome = (
            _offline(arguments, text) if arguments.bundle else in_house(lambda _: _online(_, text))
        )
    except BadBundle as problem:
        sys.stdout.write(f"{arguments.bundle}: 密钥包不能用（{problem}）\n")
        return 1
    sys.stdout.write(_json(outcome) if arguments.json else _lines(outcome))
    return 0 if outcome.verdict is Verdict.VALID else 1


def _text(target: str) -> str | None:
    if target.startswith(("https://", "http://")):
        return target
    path = Path(target)
    if not path.is_file():
        return None
    symbol = asyncio.run(scanning.symbol_in(path.read_bytes()))
    sys.stderr.writelines(f"{sentence}\n" for sentence in symbol.beside())
    return symbol.text


def _offline(arguments: argparse.Namespace, text: str) -> Outcome:
    known = open_bundle(arguments.bundle.read_bytes(), now(), arguments.vkey)
    proof = arguments.proof.read_text(encoding="utf-8", errors="replace") if arguments.proof else ""
    finding = offline.judge(text, known, proof)
    logged_at = None if finding.logged_at is None else answers.moment(finding.logged_at)
    return Outcome(
        finding.verdict,
        finding.why,
        OFFLINE[finding.why],
        finding.claim,
        known.as_of,
        known.log_vkey,
        logged_at,
        finding.is_late,
    )


async def _online(_: Settings, text: str) -> Outcome:
    answer = await checking.answer(Question(qr_text=text), UNLIMITED)
    claim = checking.claim_in(text)
    why = answer.reason or ("" if claim else REGISTER_ONLY)
    says = reasons.words_of(why) or ONLINE.get(why or answer.verdict.value, "")
    facts = answer.certificate
    return Outcome(
        answer.verdict,
        why,
        says,
        claim,
        now().isoformat(timespec="seconds"),
        logged_at=answers.moment_of(facts),
        is_late=facts is not None and facts.late,
    )


def _json(outcome: Outcome) -> str:
    claim = outcome.claim
    facts = claim and {
        "id": claim.verification_id,
        "type": int(claim.kind),
        "number": claim.number,
        "name": claim.name,
        "title": claim.title,
        "result": claim.result,
        "issued_on": claim.issued_on.isoformat(),
    }
    found = {
        "verdict": outcome.verdict.value,
        "why": outcome.why,
        "as_of": outcome.as_of,
        "log_vkey": outcome.known_by,
        "first_logged_at": outcome.logged_at and outcome.logged_at.isoformat(),
        "late": outcome.is_late,
        "claim": facts,
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _lines(outcome: Outcome) -> str:
    says = f"：{outcome.says}" if outcome.says else ""
    lines = [f"{VERDICTS[outcome.verdict]}{says}", f"截至 {outcome.as_of}"]
    if outcome.known_by:
        lines.append(f"密钥包由 {outcome.known_by} 签名；请与 /log/vkey 或公示上的公钥对照")
    if outcome.logged_at is not None:
        late = "，晚于发证日期 72 小时以上，属于补登" if outcome.is_late else ""
        lines.append(f"首次登记 {outcome.logged_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}{late}")
    if outcome.claim is not None:
        claim = outcome.claim
        lines += [
            f"姓名 {claim.name}",
            f"类型 {CLAIMS[CertificateKind(claim.kind)]}",
            f"名称 {claim.title}",
            f"结果 {claim.result}",
            f"编号 {claim.number}",
            f"发证日期 {claim.issued_on.isoformat()}",
            f"验证码 {printed_id(claim.verification_id)}",
        ]
    return "\n".join(lines) + "\n"
