"""The words of this room: statuses, kinds, states, and why a mark was not taken."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import AspectKind, MarkState, SheetStatus

STATUSES: Mapping[SheetStatus, str] = MappingProxyType(
    {
        SheetStatus.OPEN: N_("评分中"),
        SheetStatus.SUBMITTED: N_("已提交"),
        SheetStatus.SIGNED: N_("已签字"),
        SheetStatus.LOCKED: N_("已锁定"),
        SheetStatus.VOID: N_("不计"),
    }
)

KINDS: Mapping[AspectKind, str] = MappingProxyType(
    {
        AspectKind.POINTS: N_("打分"),
        AspectKind.MEASUREMENT: N_("客观测量"),
        AspectKind.JUDGEMENT: N_("主观评判"),
        AspectKind.PANEL: N_("评委打分"),
        AspectKind.GATE: N_("前提条件"),
    }
)

STATES: Mapping[MarkState, str] = MappingProxyType(
    {
        MarkState.MARKED: N_("已评"),
        MarkState.MISSING: N_("缺评"),
        MarkState.NOT_ATTEMPTED: N_("未做"),
        MarkState.CLEARED: N_("已清除"),
    }
)

RECORDS: Mapping[RecordKind, str] = MappingProxyType(
    {
        RecordKind.MARK: N_("评分"),
        RecordKind.AMENDMENT: N_("更正"),
        RecordKind.SUBMIT: N_("提交"),
        RecordKind.RETURN: N_("退回"),
        RecordKind.VOID: N_("不计"),
        RecordKind.SIGN: N_("签字"),
        RecordKind.LOCK: N_("锁定"),
        RecordKind.REFIT: N_("换用新的评分标准或规则"),
    }
)

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "value_without_mark": N_("选了“未做”或“缺评”就不能再带分数。"),
        "missing_not_allowed": N_("这一项只有一位裁判评，不能缺评。"),
        "value_needed": N_("没有分数。"),
        "not_a_number": N_("不是数字，或小数超过四位。"),
        "too_fine": N_("小数位数超过了这一项允许的位数。"),
        "below_range": N_("低于最小值。"),
        "above_range": N_("高于最大值。"),
        "unreadable": N_("记录不完整。"),
        "unknown_sheet": N_("找不到这张评分表。"),
        "unknown_judge": N_("认不出是哪位裁判记的。"),
        "unknown_aspect": N_("评分表上没有这一项。"),
        "id_reuse": N_("记录编号与另一条重复。"),
        "reassigned": N_("这张评分表已改派给别人，分数留给裁判长处理。"),
        "scheme_changed": N_("评分标准已更换，分数留给裁判长处理。"),
        "closed": N_("评分表已提交或锁定，分数留给裁判长处理。"),
        "conflict": N_("有两个不同的分数，请先确定用哪一个。"),
        "incomplete": N_("还有未评的项。"),
        "too_large": N_("记录太大，服务器没有收。"),
        "refused": N_("服务器读不懂这条记录，请导出备份文件交给裁判长。"),
    }
)

IN_ASSESSMENTS: tuple[tuple[str, str], ...] = (("裁判长", "考评组长"), ("裁判", "考评员"))


def for_ledger(says: str, ledger: str) -> str:
    """Call judges by the name that they have in the room of a ledger."""
    if ledger.startswith("assessments."):
        for judge, examiner in IN_ASSESSMENTS:
            says = says.replace(judge, examiner)
    return says


SHEET_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "home": N_("我的评分表"),
        "read": N_("本机记录已读出"),
        "received": N_("全部已入账"),
        "received_offline": N_("全部已入账；现在连不上服务器，可以继续评分"),
        "waiting": N_("{count} 项已存本机，等待网络；可以继续评分"),
        "saved_here": N_("{count} 项已存本机"),
        "waiting_sign_in": N_("{count} 项已存本机，请重新登录后发送"),
        "sending": N_("{count} 项已存本机，正在发送"),
        "not_saved": N_("没有存上"),
        "use_paper": N_(
            "这台平板存不下新的分数。刚才这一项没有存上。请改用纸质评分表，并告诉裁判长。"
        ),
        "outdated": N_("这个页面已更新，请重新打开后继续。已存的分数都在。"),
        "still_open": N_("还有 {count} 项未评："),
        "all_marked": N_("全部评完，可以提交。"),
        "no_actor": N_("还不知道是哪位裁判。请回到“我的评分表”登录后再评。"),
        "not_yours": N_("这张评分表不是分配给您的。请回到“我的评分表”。"),
        "scheme_changed": N_("评分标准已更改。请回到列表重新打开这张评分表再评；已存的分数都在。"),
        "submitted_here": N_("已提交并存在本机，连上网络后自动发送。"),
        "submitted": N_("已提交并入账。要改请裁判长退回。"),
        "signed": N_("已签字。账册校验值 {root}"),
        "locked": N_("成绩已锁定。账册校验值 {root}"),
        "void": N_("这张评分表不计成绩。"),
        "returned": N_("裁判长退回：{reason}"),
        "submit_refused": N_("提交被退回，请检查后再提交。"),
        "decided": N_("两个分数中选定"),
        "number_number": N_("请输入数字，例如 8.5。"),
        "number_fine": N_("小数位数太多。{range}"),
        "number_low": N_("太小。{range}"),
        "number_high": N_("太大。{range}"),
        "count_marked": N_("已评"),
        "count_not_attempted": N_("未做"),
        "count_missing": N_("缺评"),
        "cell_open": N_("未评"),
        "cell_draft": N_("草稿，请按确定"),
        "cell_writing": N_("正在存"),
        "cell_saved": N_("已存本机"),
        "cell_sent": N_("已发送"),
        "cell_received": N_("已入账"),
        "cell_held": N_("留给裁判长处理"),
        "cell_rejected": N_("被退回"),
        "cell_conflict": N_("两个分数不同"),
        "zeroed": N_("前提未达到，不用评"),
        "conflict": N_("这一项有两个不同的分数。请选一个："),
        "this_device": N_("这台平板"),
        "sealed": N_("全部裁判评完后一起显示。"),
        "revealed": N_("其他裁判：{values}"),
        "apart": N_("其他裁判：{values}。相差超过 1，请商议后各自重评。"),
        "missing": N_("缺评"),
        "not_attempted": N_("未做"),
        "cleared": N_("已清除"),
        **{f"fault_{code}": says for code, says in FAULTS.items()},
    }
)
"""What the sheet's script says; placeholders are filled in the browser."""

HOME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "read": N_("本机记录已读出"),
        "received": N_("全部已入账"),
        "received_offline": N_("全部已入账；现在连不上服务器，可以继续评分"),
        "waiting": N_("{count} 项已存本机，等待网络；可以继续评分"),
        "sending": N_("{count} 项已存本机，正在发送"),
        "signed_out": N_("没有登录"),
        "sign_in_to_send": N_("有分数存在本机还没有发送。请登录，登录后自动发送。"),
        "station": N_("工位 {station}"),
        "status_open": N_("已评 {marked} / {of}"),
        "status_returned": N_("被退回，已评 {marked} / {of}"),
        "status_submitting": N_("已提交，等待发送"),
        "status_submitted": N_("已提交"),
        "status_signed": N_("已签字"),
        "status_locked": N_("已锁定"),
        "status_void": N_("不计"),
        "kept": N_("可以，已存 {kept} 页"),
        "kept_part": N_("已存 {kept} 页，还差 {missing} 页"),
        "no_worker": N_("不能离线打开。请用 https 地址打开本页，或请管理员检查这台平板"),
        "free": N_("剩余 {size} GB"),
        "persisted": N_("长期保存"),
        "not_persisted": N_("系统可能清理"),
    }
)
"""What the script of the list says."""
