"""Chinese words for the enumerations that every room shares."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_
from app.rules.actors import Duty

DUTIES: Mapping[Duty, str] = MappingProxyType(
    {
        Duty.ORGANIZER: N_("组织者"),
        Duty.REGISTRAR: N_("报名管理员"),
        Duty.CHIEF_JUDGE: N_("裁判长"),
        Duty.MARKING_JUDGE: N_("评分裁判"),
        Duty.CODING_JUDGE: N_("加密裁判"),
        Duty.SUPERVISOR: N_("监督"),
        Duty.EXAMINER: N_("考评员"),
        Duty.QUALITY_SUPERVISOR: N_("质量督导员"),
        Duty.CERTIFICATE_OFFICER: N_("证书管理员"),
        Duty.AUDITOR: N_("审计员"),
        Duty.ADMINISTRATOR: N_("系统管理员"),
    }
)

SCOPE_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "all": N_("全部"),
        "region": N_("地区"),
        "competition": N_("大赛"),
        "event": N_("赛项"),
        "sitting": N_("考核批次"),
    }
)
