"""What the scripts on tablets say; placeholders are filled in the browser."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors import N_
from app.sheets.standing import PassEnded
from app.sheets.wording import FAULTS

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
        "leaving": N_("这台平板 {seconds} 秒后退出，交给下一位裁判。"),
        "revoked": N_("这台平板已停用，本机的姓名和分数已清除。请换一台平板，并交还这台。"),
        "wrong_code": N_(
            "这张评分表是 {code} 号的，您面前是 {seen} 号。"
            "请打开 {seen} 号的评分表，或再看一次工位牌。"
        ),
        "open_other": N_("打开 {seen} 号"),
        "files_waiting": N_("分数全部已入账；还有 {count} 张照片或签名等待发送"),
        "sum": N_("合计 {sum} / {of}"),
        "apart_open": N_("请先商议，写下说明，再重评。"),
        "apart_back": N_(
            "有评分与其他裁判相差太大，评分表已退回给您。请商议、写下说明、各自重评，再提交。"
        ),
        "apart_done": N_("您已商议并重评，等其他裁判重评。"),
        "files_refused": N_("{count} 张照片或签名没有被收下，还存在本机。请告诉裁判长。"),
        "photo_count": N_("{count} 张照片"),
        "photos_lost": N_("{count} 张照片打不开，没有收进来。请重新拍照，或不带它们存下。"),
        "show_photos": N_("看照片（{count} 张）"),
        "photos_loading": N_("正在取照片…"),
        "photos_later": N_("有照片在另一台平板上还没有传来，或现在没有网络。请稍后再看。"),
        "photo_alt": N_("照片 {number}"),
        "watch_running": N_("计时中 {seconds} 秒"),
        "watch_unsure": N_("计时中页面重开过，或时钟变过。请核对这个时间，再按确定。"),
        "sign_needed": N_("请在框内签名，或改为输入姓名。"),
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
        "cell_sent": N_("正在发送"),
        "cell_received": N_("已入账"),
        "cell_held": N_("留给裁判长处理"),
        "cell_rejected": N_("被退回"),
        "cell_conflict": N_("两个分数不同"),
        "zeroed": N_("前提未达到，不用评"),
        "conflict": N_("这一项有两个不同的分数。请选一个："),
        "this_device": N_("这台平板"),
        "sealed": N_("全部裁判评完后一起显示。"),
        "revealed": N_("其他裁判：{values}"),
        "apart": N_("其他裁判：{values}。相差超过 {most}，请商议后各自重评。"),
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
        "asking": N_("正在联系服务器…"),
        "unreached": N_("还没有联系上服务器，正在自动重试"),
        "refused": N_("现在登录的账号没有评分职责，请用裁判或考评员的账号登录"),
        "locked": N_("请输入胸牌上的评分码"),
        "revoked": N_("这台平板已停用，本机的姓名和分数已清除。请换一台平板，并交还这台。"),
        "unpaired": N_("这台平板还没有登记"),
        "paired": N_("已登记为 {label}"),
        "wrong_code": N_("登记码不对、已过期，或已登记满。请在主办方的“平板”页面重新出一个。"),
        "wrong_number": N_("没有这个评分码，或已换发新卡。请核对胸牌上的 8 位数字。"),
        "ended": PassEnded.says,
        "too_often": N_("试得太多，请过几分钟再试，或请管理员核对胸牌。"),
        "offline": N_("连不上服务器。请检查网络后再试。"),
        "unknown_here": N_("现在没有网络，这张胸牌也没有在这台平板上用过。请连上网络再试。"),
        "opening": N_("正在打开…"),
        "no_reader": N_("现在取不到扫码程序。请输入 8 位数字，或连上网络再扫。"),
        "no_camera": N_("打不开摄像头。请允许使用摄像头，或输入 8 位数字。"),
        "no_code_seen": N_("没有看到胸牌上的二维码。请靠近一些再扫，或输入 8 位数字。"),
        "low_space": N_("这台平板快存满了，只剩 {size} MB。请先清理或换一台平板，再评分。"),
        "files": N_("{count} 张照片或签名等待发送"),
        "files_refused": N_("{count} 张照片或签名没有被收下，还存在本机。请告诉裁判长或考评组长。"),
        "sign_in_to_send": N_("有分数存在本机还没有发送。请登录，登录后自动发送。"),
        "station": N_("工位 {station}"),
        "status_open": N_("已评 {marked} / {of}"),
        "status_returned": N_("被退回，已评 {marked} / {of}"),
        "submit_refused": N_("提交被退回，请检查后再提交。"),
        "status_submitting": N_("已提交，等待发送"),
        "status_submitted": N_("已提交"),
        "status_signed": N_("已签字"),
        "status_locked": N_("已锁定"),
        "status_void": N_("不计"),
        "keeping": N_("正在准备…"),
        "kept": N_("可以，已存 {kept} 页"),
        "kept_part": N_("已存 {kept} 页，还差 {missing} 页"),
        "no_worker": N_("不能离线打开。请用 https 地址打开本页，或请管理员检查这台平板"),
        "free": N_("剩余 {size} GB"),
        "persisted": N_("长期保存"),
        "not_persisted": N_("系统可能清理"),
        **{f"fault_{code}": says for code, says in FAULTS.items()},
    }
)
"""What the script of the list says."""

CHECK_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "measuring": N_("正在检查…"),
        "go": N_("可以用来评分"),
        "no_go": N_("不能用来评分"),
        "unpaired": N_("这台平板还没有登记，请先登记或登录，再做体检。"),
        "offline": N_("连不上服务器，体检没有做完。"),
        "reopen": N_("请关闭浏览器，重新打开本页：检查数据能不能留住。"),
        "checked_at": N_("{label} · {at}"),
    }
)
"""What the script of the fitness test says."""

FRAME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "home": N_("我的评分表"),
        "no_actor": N_("还不知道是哪位裁判。请回到“我的评分表”登录后再评。"),
        "not_yours": N_("这张评分表不是分配给您的。请回到“我的评分表”。"),
        "not_kept": N_("现在连不上服务器，这张评分表也没有存在这台平板上。连上以后会自动打开。"),
        "past": N_(
            "评分标准已更改，新的评分表还没有存到这台平板上。"
            "连上服务器以后会自动打开；已存的分数都在。"
        ),
    }
)
"""What the script of a sheet's frame says."""
