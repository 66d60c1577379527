"""Why the log stops: it would say two things, or nobody here knows what it has said."""

from app.errors import N_, RuleBroken, refusal


@refusal
class LogWouldFork(RuleBroken):
    """The database is older than what was already published."""

    says = N_(
        "数据库里的证书日志（{held} 条）与已公布的检查点（{published} 条）不一致，"
        "可能是恢复了较早的备份。"
        "为避免日志分叉，已停止签发、撤销和更正。请恢复最新的备份，或联系管理员。"
    )
    held: int
    published: int


@refusal
class PublishedUnknown(RuleBroken):
    """The database holds a log, and nothing outside it says how far that log was published."""

    says = N_(
        "数据库里有证书日志（{held} 条），但这台机器没有记住已公布到哪一条，"
        "可能是在新机器上恢复了备份。为避免日志分叉，已停止签发、撤销和更正。"
        "请用 xiangjiang log remember 交回见证人或其他人保存的最近检查点；"
        "确知备份之后没有再发证的，用 xiangjiang log continue 继续。"
    )
    held: int
