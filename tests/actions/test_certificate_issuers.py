"""Issuers are found again whatever the blanks of their name, and keep to their region's words."""

from pathlib import Path

import pytest

from app.certificates import actions, issuers
from app.certificates.issuers import IssuerFacts, IssuerNameTaken
from app.certificates.ordering import BatchRefused
from app.certificates.tables import CertificateIssuer
from app.rules.actors import SYSTEM
from tests.builders.certificates import AT, BASIS, an_issuer, open_house, some_facts

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


class TestAnIssuer:
    @pytest.mark.parametrize("name", ["甲\u3000乙", "甲  乙", " 甲 乙 ", "甲\u00a0乙"])
    async def test_is_found_again_whatever_its_blanks(self, name):
        first = await an_issuer("甲 乙")

        assert await an_issuer(name) == first
        with pytest.raises(IssuerNameTaken):
            await issuers.add_issuer(IssuerFacts(name=name), by=SYSTEM, at=AT)

    async def test_is_not_renamed_to_another_s_name(self):
        await an_issuer("甲 乙")
        second = await an_issuer("丙")

        with pytest.raises(IssuerNameTaken):
            await issuers.change_issuer(
                second, IssuerFacts(name="甲\u3000乙"), seen_version=1, by=SYSTEM, at=AT
            )

    async def test_that_registers_itself_keeps_to_the_words_of_its_region(self, tmp_path: Path):
        open_house(tmp_path)

        with pytest.raises(BatchRefused, match="职业技能等级"):
            await ordered("羊城职教集团", "440100")
        assert await ordered("黔山职教集团", "520100")

        rows = await CertificateIssuer.select().order_by(CertificateIssuer.id)
        assert [row["region_code"] for row in rows] == ["440100", "520100"]


async def ordered(name: str, region_code: str) -> int:
    return await actions.order_batch(
        kind=2,
        basis=BASIS,
        issuer=IssuerFacts(name=name, region_code=region_code),
        title="职业技能等级大赛",
        claims=some_facts(1),
        by=SYSTEM,
        at=AT,
    )
