"""Tell the whole demonstration, in the order in which it would have happened."""

from collections.abc import Callable
from datetime import datetime

from app.certificates.tables import CertificateBatch
from app.demo import accounts, certificates, competition, sittings, specifications
from app.people import actions as people
from app.rules.actors import SYSTEM
from app.storage.engine import write_transaction


async def is_told() -> bool:
    """Tell whether the demonstration is there, whole or in part."""
    return await accounts.exist()


async def is_whole() -> bool:
    """Tell whether it was told to the end: certificates of a contest were ordered.

    A batch that was ordered is finished by whatever process comes next.
    """
    return bool(
        await CertificateBatch.exists().where(CertificateBatch.basis.like("competitions.%"))
    )


async def tell(at: datetime, say: Callable[[str], None]) -> None:
    """Seed regions, accounts, specifications, sittings and two competitions."""
    async with write_transaction():
        await people.load_regions_within(by=SYSTEM, at=at)
    ids = await accounts.create(at)
    written = await specifications.write(at)
    say("能力规范")
    await certificates.register_issuers(at)
    await sittings.create(ids, written, at)
    await certificates.change_some(at)
    say("考核批次和证书")
    await competition.create_county(ids, at)
    await competition.create_national(ids, at)
    say("两届大赛")
