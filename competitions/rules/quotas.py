"""How many entries a delegation has in an event, how many contestants an entry (domain.md C1)."""

from app.errors import N_, RuleBroken, refusal


@refusal
class QuotaExceeded(RuleBroken):
    """A delegation enters at most so many in an event."""

    says = N_("代表队“{delegation}”在“{event}”的名额为 {most} 个，已经用完。")
    field = "delegation"
    delegation: str
    event: str
    most: int


@refusal
class TeamFull(RuleBroken):
    """A team has at most so many contestants."""

    says = N_("参赛队“{team}”已有 {most} 名选手，“{event}”每队最多 {most} 名。")
    field = "team"
    team: str
    event: str
    most: int


@refusal
class TeamNameNeeded(RuleBroken):
    """Those who compete together share a team's name."""

    says = N_("“{event}”是多人赛项，请填写参赛队名称，同队选手填同一个名称。")
    field = "team"
    event: str


@refusal
class TeamIncomplete(RuleBroken):
    """A team is accepted once it is whole."""

    says = N_("参赛队“{team}”现有 {found} 名选手，应为 {members} 名，补齐后才能通过。")
    field = "status"
    team: str
    found: int
    members: int


@refusal
class QuotaTooSmall(RuleBroken):
    """A quota holds what was registered under it."""

    says = N_("代表队“{delegation}”在本赛项已有 {held} 个报名，名额不能少于 {held} 个。")
    field = "quota"
    delegation: str
    held: int


@refusal
class TeamsTooSmall(RuleBroken):
    """A team's size holds the teams that stand."""

    says = N_("参赛队“{team}”已有 {held} 名选手，每队人数不能少于 {held} 名。")
    field = "members"
    team: str
    held: int


def refuse_over_quota(*, delegation: str, event: str, most: int, held: int) -> None:
    """Raise `QuotaExceeded` where one entry more than `held` would be too many."""
    if held >= most:
        raise QuotaExceeded(delegation, event, most)


def refuse_team(*, team: str, event: str, members: int, held: int) -> None:
    """Raise where one contestant more than `held` does not fit into this team."""
    if members > 1 and not team:
        raise TeamNameNeeded(event)
    if held >= members:
        raise TeamFull(team, event, members)
