"""Accounts, the duties granted to them, their sessions and one-time links."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.people.tables import Person
from app.storage.columns import Flag, Instant, Text, Whole, belongs_to


class Account(Table, tablename="account"):
    """Somebody who can sign in; closed, never deleted."""

    id: Serial
    sign_in_name = Text(unique=True)  # lower case, no spaces
    name = Text()
    person = belongs_to(Person, optional=True)
    password_hash = Text(optional=True)  # argon2id; none until the one-time link is taken
    is_closed = Flag()
    failures = Whole()  # wrong passwords since the last right one
    locked_until_at = Instant(optional=True)
    created_at = Instant()
    version = Whole()


class DutyGrant(Table, tablename="duty_grant"):
    """One duty in one scope for a period; ended, never deleted."""

    id: Serial
    account = belongs_to(Account)
    duty = Text()  # app.rules.actors.Duty
    scope = Text(index=True)  # "all", "event:12"
    opens_at = Instant()
    closes_at = Instant(optional=True)
    granted_by = Text()
    granted_at = Instant()


class SignInSession(Table, tablename="sign_in_session"):
    """A signed-in browser. The cookie's value is not here, only its SHA-256."""

    id: Serial
    digest = Text(unique=True)  # hex
    account = belongs_to(Account)
    created_at = Instant()
    seen_at = Instant()
    expires_at = Instant()
    ended_at = Instant(optional=True)
    address = Text()
    browser = Text()


class Invitation(Table, tablename="invitation"):
    """A one-time link with which an account sets its password. Only the token's SHA-256 is kept."""

    id: Serial
    digest = Text(unique=True)  # hex
    account = belongs_to(Account)
    created_at = Instant()
    expires_at = Instant()
    taken_at = Instant(optional=True)
