"""The states and reasons of certificates, batches and keys, with their Chinese words."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.errors import N_


class CertificateStatus(StrEnum):
    """How a certificate stands in the register."""

    VALID = "valid"
    REVOKED = "revoked"
    CORRECTED = "corrected"


class RevocationReason(StrEnum):
    """Why a certificate was revoked; the code is public, the words beside it are not."""

    RESULT_CHANGED = "result_changed"
    FRAUD = "fraud"
    ISSUED_IN_ERROR = "issued_in_error"
    HOLDER_REQUEST = "holder_request"
    OTHER = "other"


class BatchState(StrEnum):
    """How far a batch is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class KeyStatus(StrEnum):
    """Whether a key signs, has signed, or is lost."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class KeyAct(StrEnum):
    """What may be done with an issuing key; of the last one, with the log key."""

    ROTATE = "rotate"
    RETIRE = "retire"
    COMPROMISED = "compromised"
    NEW_LOG_KEY = "new_log_key"


class ProposalState(StrEnum):
    """How a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


class Verdict(StrEnum):
    """What a verifier may say; only the first means that the certificate counts."""

    VALID = "valid"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    UNREGISTERED = "unregistered"
    UNCERTAIN = "uncertain"
    FORGED = "forged"


STATUSES: Mapping[CertificateStatus, str] = MappingProxyType(
    {
        CertificateStatus.VALID: N_("有效"),
        CertificateStatus.REVOKED: N_("已撤销"),
        CertificateStatus.CORRECTED: N_("已更正"),
    }
)
REVOCATION_REASONS: Mapping[RevocationReason, str] = MappingProxyType(
    {
        RevocationReason.RESULT_CHANGED: N_("成绩或结果有变"),
        RevocationReason.FRAUD: N_("以不正当手段取得"),
        RevocationReason.ISSUED_IN_ERROR: N_("错发"),
        RevocationReason.HOLDER_REQUEST: N_("持证人申请"),
        RevocationReason.OTHER: N_("其他"),
    }
)
BATCH_STATES: Mapping[BatchState, str] = MappingProxyType(
    {
        BatchState.RUNNING: N_("正在签发"),
        BatchState.DONE: N_("已签发"),
        BatchState.STOPPED: N_("已停止"),
    }
)
KEY_STATUSES: Mapping[KeyStatus, str] = MappingProxyType(
    {
        KeyStatus.ACTIVE: N_("使用中"),
        KeyStatus.RETIRED: N_("已停用"),
        KeyStatus.COMPROMISED: N_("已失密"),
    }
)
KEY_ACTS: Mapping[KeyAct, str] = MappingProxyType(
    {
        KeyAct.ROTATE: N_("更换：停用现在的密钥，改用新的"),
        KeyAct.RETIRE: N_("停用：不再签发，已签的仍然有效"),
        KeyAct.COMPROMISED: N_("失密：从某个日志序号起不再可信"),
        KeyAct.NEW_LOG_KEY: N_("日志密钥确已丢失：用现在的日志密钥接着写"),
    }
)
PROPOSAL_STATES: Mapping[ProposalState, str] = MappingProxyType(
    {
        ProposalState.OPEN: N_("等待第二人"),
        ProposalState.APPROVED: N_("已批准"),
        ProposalState.DECLINED: N_("已否决"),
    }
)
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.VALID: N_("有效"),
        Verdict.REVOKED: N_("已撤销"),
        Verdict.CORRECTED: N_("已更正"),
        Verdict.UNREGISTERED: N_("未登记"),
        Verdict.UNCERTAIN: N_("无法确认"),
        Verdict.FORGED: N_("无法通过验证"),
    }
)
LABELS: tuple[Mapping[Any, str], ...] = (
    STATUSES,
    REVOCATION_REASONS,
    BATCH_STATES,
    KEY_STATUSES,
    KEY_ACTS,
    PROPOSAL_STATES,
    VERDICTS,
)
