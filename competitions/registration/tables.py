"""Delegations, entries, contestants, judges."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.accounts.tables import Account
from app.people.tables import Person
from app.storage.columns import Blob, Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Competition, Event


class Delegation(Table, tablename="delegation"):
    """代表队: a region's or an organization's whole party."""

    id: Serial
    competition = belongs_to(Competition)
    name = Text()
    region_code = Text(optional=True)
    organization = Text()  # 组队单位, empty for none
    leader = Text()  # 领队, empty for none yet
    leader_phone_sealed = Blob(optional=True)
    leader_phone_masked = Text(optional=True)
    contact = Text()  # 联络员, empty for none yet
    contact_phone_sealed = Blob(optional=True)
    contact_phone_masked = Text(optional=True)
    created_at = Instant()
    version = Whole()

    delegation_name_unique = Unique([competition, name])


class Entry(Table, tablename="entry"):
    """报名: those who compete together in one event."""

    id: Serial
    event = belongs_to(Event)
    delegation = belongs_to(Delegation)
    team = Text()  # 参赛队 where several compete together, empty else
    status = Text(index=True)  # rules.entries.EntryStatus
    coach = Text()
    note = Text()  # why it was returned or refused
    registered_at = Instant()
    registered_by = Text()
    vetted_at = Instant(optional=True)
    vetted_by = Text(optional=True)
    version = Whole()


class Contestant(Table, tablename="contestant"):
    """选手 of an entry. `competition` repeats the event's, so that one person enters once."""

    id: Serial
    entry = belongs_to(Entry)
    competition = belongs_to(Competition)
    person = belongs_to(Person)
    name = Text(index=True)  # as it stands on lists and certificates
    employer = Text()  # 单位或院校
    position = Text()  # 职务或专业年级
    skill_level = Text()  # 现技能等级
    skill_certificate = Text()  # its number
    household = Text()  # 户籍性质
    clothes_size = Text()
    diet = Text()  # 饮食需求, such as 清真
    county_code = Text(optional=True, index=True)
    retired_entry = Whole()  # 0 while the entry stands, else its id: then the person is free again

    contestant_person_unique = Unique([competition, person, retired_entry])


class Judge(Table, tablename="judge"):
    """裁判 in the register of a competition, with an account to mark by."""

    id: Serial
    competition = belongs_to(Competition)
    account = belongs_to(Account)
    person = belongs_to(Person, optional=True)
    name = Text()
    employer = Text()
    qualification = Text()
    delegation = belongs_to(Delegation, optional=True)  # whom they come with; they never mark it
    county_code = Text(optional=True)  # where they are from, by GB/T 2260; none where not told
    registered_at = Instant()
    version = Whole()

    judge_account_unique = Unique([competition, account])
