"""Passwords: argon2id, off the event loop; who has no account is compared with a hash as well."""

import secrets
from functools import cache

from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import N_, RuleBroken, refusal

SHORTEST = 10
LONGEST = 128
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@refusal
class WeakPassword(RuleBroken):
    """The password is too short, too long, or holds the account's own name."""

    says = N_("密码应为 {shortest} 到 {longest} 个字符，不能与登录名相同，也不能是常见密码。")
    field = "password"
    shortest: int = SHORTEST
    longest: int = LONGEST


COMMON = frozenset(
    {"1234567890", "0123456789", "password12", "qwertyuiop", "1111111111", "abcdefghij"}
)


def refuse_weak(password: str, sign_in_name: str) -> None:
    """Raise `WeakPassword`; length is what counts (NIST SP 800-63B), not mixtures of signs."""
    is_long_enough = SHORTEST <= len(password) <= LONGEST
    is_varied = len(set(password)) >= 4
    if not is_long_enough or not is_varied or password.lower() in COMMON | {sign_in_name.lower()}:
        raise WeakPassword


async def hashed(password: str) -> str:
    """Return the argon2id hash of a password; takes some 20 ms in a thread."""
    return await to_thread.run_sync(_hasher.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Compare, taking as long for an unknown account as for a known one."""
    return await to_thread.run_sync(_matches, password, stored)


def _matches(password: str, stored: str | None) -> bool:
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex(16))
