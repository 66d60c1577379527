"""Every act that the journal records, with its Chinese word. Each room has its own block."""

from enum import StrEnum

from app.errors import N_


class Act(StrEnum):
    """A dotted name of what was done; never renamed, since old records hold it."""

    # accounts
    SIGNED_IN = "accounts.signed_in"
    SIGN_IN_REFUSED = "accounts.sign_in_refused"
    SIGNED_OUT = "accounts.signed_out"
    ACCOUNT_CREATED = "accounts.account.created"
    ACCOUNT_CLOSED = "accounts.account.closed"
    ACCOUNT_REOPENED = "accounts.account.reopened"
    PASSWORD_CHANGED = "accounts.password.changed"  # noqa: S105 - the name of an act
    INVITED = "accounts.invited"
    INVITATION_TAKEN = "accounts.invitation.taken"
    DUTY_GRANTED = "accounts.duty.granted"
    DUTY_ENDED = "accounts.duty.ended"
    # people
    PERSON_ADDED = "people.person.added"
    PERSON_CHANGED = "people.person.changed"
    ORGANIZATION_ADDED = "people.organization.added"
    ORGANIZATION_CHANGED = "people.organization.changed"
    REGIONS_IMPORTED = "people.regions.imported"


LABELS: dict[Act, str] = {
    Act.SIGNED_IN: N_("登录"),
    Act.SIGN_IN_REFUSED: N_("登录被拒"),
    Act.SIGNED_OUT: N_("退出登录"),
    Act.ACCOUNT_CREATED: N_("建立账号"),
    Act.ACCOUNT_CLOSED: N_("停用账号"),
    Act.ACCOUNT_REOPENED: N_("恢复账号"),
    Act.PASSWORD_CHANGED: N_("修改密码"),
    Act.INVITED: N_("发出一次性链接"),
    Act.INVITATION_TAKEN: N_("使用一次性链接"),
    Act.DUTY_GRANTED: N_("授予职责"),
    Act.DUTY_ENDED: N_("结束职责"),
    Act.PERSON_ADDED: N_("登记人员"),
    Act.PERSON_CHANGED: N_("修改人员"),
    Act.ORGANIZATION_ADDED: N_("登记单位"),
    Act.ORGANIZATION_CHANGED: N_("修改单位"),
    Act.REGIONS_IMPORTED: N_("导入行政区划"),
}
