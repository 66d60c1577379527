"""People with an account and a duty over one place."""

from itertools import count

from app.accounts import actions as accounts
from app.accounts import grants
from app.rules.actors import SYSTEM, Actor, Duty, Grant, Scope
from app.storage.engine import write_transaction
from tests.builders.events import AT

_numbers = count(1)


async def somebody(duty: Duty, scope: Scope, *, name: str = "张志远") -> Actor:
    """An account that holds a duty over a place."""
    grant = Grant(duty, scope, AT)
    async with write_transaction():
        account_id = await accounts.create_account_within(
            sign_in_name=f"{duty.value}-{next(_numbers)}", name=name, by=SYSTEM, at=AT
        )
        await grants.grant_within(account_id, grant, by=SYSTEM, at=AT)
    return Actor(account_id, name, (grant,))
