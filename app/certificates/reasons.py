"""Why a row of a list, or what a command was asked, has its verdict: in the few words of a cell."""

from app.certificates.checking import Reason
from app.certificates.kinds import RevocationReason
from app.certificates.verdicts import Doubt
from app.errors import N_
from app.web import locale

WHY: dict[str, str] = {
    Reason.NOT_FOUND.value: N_("没有查到与此相符的证书"),
    Reason.WRONG_TYPE.value: N_("证书类型不符"),
    Reason.BAD_ROW.value: N_("这一行要有编号和姓名，或验证码，或二维码内容"),
    Reason.BAD_SIGNATURE.value: N_("二维码的签名不成立，可能是伪造的"),
    Reason.NOT_IN_REGISTER.value: N_("签名真实，但登记中没有这张证书"),
    Reason.NOT_IN_LOG.value: N_("登记里有，公开的日志里却没有"),
    Reason.REGISTER_DIFFERS.value: N_("签名真实，但与登记不一致"),
    Reason.NAME_DIFFERS.value: N_("姓名与二维码中的不同"),
    Reason.ROW_DIFFERS.value: N_("这一行的编号、验证码、二维码不是同一张证书的"),
    Reason.NOT_OURS.value: N_("这不是证书的二维码；若印在证书上，可能是伪造的"),
    Reason.ADDRESS.value: N_("签名真实，但二维码的网址不是发证网站的"),
    Reason.NOT_ANSWERED.value: N_("这一行没有查成，请单独再查"),
    Reason.TOO_MANY_TRIES.value: N_("这个编号或验证码一小时内查询次数过多，请稍后再查"),
    Doubt.DAMAGED.value: N_("登记被改动或损坏，不能确认有效，请向发证机构核实"),
    Doubt.SIGNATURE.value: N_("登记中的签名不成立"),
    Doubt.KEY.value: N_("签名的密钥当时已不可信"),
    Doubt.FIELDS.value: N_("登记与签名不一致"),
    Doubt.STATUS.value: N_("登记的状态与公开日志不一致"),
    Doubt.CHECKPOINT.value: N_("刚刚签发，还没有纳入公开日志的检查点"),
}


def words_of(reason: str) -> str:
    """Return the words of a reason, of a doubt or of a revocation; none where there is none."""
    if reason in set(RevocationReason):
        return locale.label(RevocationReason(reason))
    return locale.gettext(WHY[reason]) if reason in WHY else ""
