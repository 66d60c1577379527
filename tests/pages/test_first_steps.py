"""The desk of a house that was just set up leads on: accounts, duties, issuer, a first contest."""

import re
from datetime import timedelta

import pytest

from app.accounts import session_cache
from app.accounts.tables import DutyGrant
from app.certificates import issuers
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Scope
from app.web.clock import now
from tests.builders.certificates import open_house
from tests.builders.competitions import somebody
from tests.builders.people import someone
from tests.builders.visits import Visitor, a_visit

pytestmark = pytest.mark.anyio
STEP = re.compile(r'<li class="(\w+)">.*?href="([^"]+)">([^<]+)<', re.DOTALL)


async def steps_of(visitor: Visitor) -> list[tuple[str, str]]:
    answer = await visitor.get("/desk")
    assert answer.status_code == 200
    return [(state, href) for state, href, _ in STEP.findall(answer.text)]


class TestFirstSteps:
    async def test_lead_the_administrator_from_an_empty_house(self, sqlite_database, tmp_path):
        administrator = await someone(Duty.ADMINISTRATOR)
        async with a_visit(tmp_path, administrator) as visitor:
            assert await steps_of(visitor) == [
                ("next", "/desk/accounts/new"),
                ("later", "/desk/accounts"),
                ("later", "/desk/certificates/issuers"),
            ]

            await someone(Duty.ORGANIZER, scope=Scope("region", "520425"))
            assert await steps_of(visitor) == [
                ("done", "/desk/accounts/new"),
                ("done", "/desk/accounts"),
                ("next", "/desk/certificates/issuers"),
            ]

            facts = issuers.IssuerFacts(name="紫云县人社局")
            await issuers.add_issuer(facts, by=SYSTEM, at=now())
            assert await steps_of(visitor) == []

    async def test_lead_the_certificate_officer_to_the_issuer(self, sqlite_database, tmp_path):
        async with a_visit(tmp_path, await someone(Duty.CERTIFICATE_OFFICER)) as visitor:
            assert await steps_of(visitor) == [("next", "/desk/certificates/issuers")]

    async def test_lead_the_organizer_to_a_first_contest_or_sitting(
        self, sqlite_database, tmp_path
    ):
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            text = (await visitor.get("/desk")).text

        assert 'href="/desk/competitions/new">建立大赛' in text
        assert 'href="/desk/assessments/new">建立批次' in text


class TestWhoIAm:
    async def test_names_the_duties_that_hold_now_also_those_with_an_end(
        self, sqlite_database, tmp_path
    ):
        one = await somebody(Duty.REGISTRAR, scope=EVERYWHERE)
        await DutyGrant.update({DutyGrant.closes_at: now() + timedelta(days=1)}).where(
            DutyGrant.account == one.account_id
        )
        async with a_visit(tmp_path, one) as visitor:
            held = (await visitor.get("/desk")).text
            await DutyGrant.update({DutyGrant.closes_at: now()}).where(
                DutyGrant.account == one.account_id
            )
            session_cache.clear()
            ended = (await visitor.get("/desk")).text

        assert "还没有职责" not in held
        assert "还没有职责" in ended


class TestEmptyLists:
    @pytest.mark.parametrize(
        ("path", "nothing_yet"),
        [("/desk/specifications", "还没有能力规范"), ("/desk/certificates", "还没有证书")],
    )
    async def test_tell_nothing_yet_from_nothing_found(
        self, sqlite_database, tmp_path, path, nothing_yet
    ):
        open_house(tmp_path)
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            every = (await visitor.get(path)).text
            found = (await visitor.get(f"{path}?q=竹编")).text

        assert nothing_yet in every
        assert "没有符合条件" not in every
        assert "没有符合条件" in found
