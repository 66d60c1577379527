"""Delegations, entries, contestants, judges."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.accounts.tables import Account
from app.people.tables import Person
from app.storage.columns import Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Competition, Event


class Delegation(Table, tablename="delegation"):
    """代表队: a region's or an organization's whole party."""

    id: Serial
    competition = belongs_to(Competition)
    name = Text()
    region_code = Text(optional=True)
    leader = Text()  # 领队, empty for none yet
    leader_phone_sealed = Text(optional=True)  # hex of the sealed bytes
    created_at = Instant()
    version = Whole()

    delegation_name_unique = Unique([competition, name])


class Entry(Table, tablename="entry"):
    """报名: those who compete together in one event."""

    id: Serial
    event = belongs_to(Event)
    delegation = belongs_to(Delegation)
    status = Text(index=True)  # registration.queries.EntryStatus
    coach = Text()
    note = Text()  # why it was returned or refused
    registered_at = Instant()
    version = Whole()


class Contestant(Table, tablename="contestant"):
    """选手 of an entry. `competition` repeats the event's, so that one person enters once."""

    id: Serial
    entry = belongs_to(Entry)
    competition = belongs_to(Competition)
    person = belongs_to(Person)
    name = Text(index=True)  # as it stands on lists and certificates
    employer = Text()  # 单位或院校
    county_code = Text(optional=True, index=True)

    contestant_person_unique = Unique([competition, person])


class Judge(Table, tablename="judge"):
    """裁判 in the register of a competition, with an account to mark by."""

    id: Serial
    competition = belongs_to(Competition)
    account = belongs_to(Account)
    name = Text()
    employer = Text()
    qualification = Text()
    delegation = belongs_to(Delegation, optional=True)  # whom they come with; they never mark it
    registered_at = Instant()

    judge_account_unique = Unique([competition, account])
