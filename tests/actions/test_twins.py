"""Two people register the same thing in the same moment: one does, the other is told so."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.accounts import actions as accounts
from app.accounts import grants
from app.certificates import issuers
from app.certificates.issuers import IssuerFacts
from app.errors import RuleBroken
from app.people import actions as people
from app.people import organizations
from app.people.correcting import Correction, correct_person
from app.people.kinds import OrganizationKind
from app.people.organizations import OrganizationFacts
from app.people.tables import Person
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Grant
from app.storage.engine import write_transaction
from app.storage.uniqueness import TakenMeanwhile
from assessments.specifications import actions as specifications
from competitions.planning import actions
from competitions.planning import rule_set_authoring as authoring
from competitions.planning.rule_set_authoring import RuleSetCodeTaken, RuleSetThere
from competitions.planning.tables import CompetitionSeries
from competitions.registration import delegations
from competitions.registration.delegations import DelegationFacts
from competitions.rules.rule_sets import NATIONAL
from tests.builders.assessments import FACTS
from tests.builders.competitions import AT, a_competition, an_event
from tests.builders.events import a_person

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
WHO: dict[str, Any] = {"by": SYSTEM, "at": AT}


async def an_account():
    async with write_transaction():
        return await accounts.create_account_within(sign_in_name="same", name="同名", **WHO)


ACTS = {
    "a rule set": lambda _: authoring.create(
        NATIONAL | {"id": "same"}, name="同名", derived_from="", **WHO
    ),
    "a rule set from a file": lambda _: authoring.take_in(
        NATIONAL | {"id": "same"}, name="同名", **WHO
    ),
    "a competition": lambda _: a_competition(name="同名", series="同系列"),
    "an event": lambda competition: an_event(competition, "同名"),
    "a delegation": lambda competition: delegations.register_delegation(
        competition, DelegationFacts(name="同名"), **WHO
    ),
    "an organization": lambda _: organizations.register(
        OrganizationFacts("同名", OrganizationKind.FIRM), **WHO
    ),
    "a specification": lambda _: specifications.create(
        replace(FACTS, name="同名"), trade="农林牧渔", **WHO
    ),
    "an issuer": lambda _: issuers.add_issuer(IssuerFacts(name="同名"), **WHO),
    "an account": lambda _: an_account(),
}


@pytest.mark.parametrize("name", ACTS)
async def test_of_four_who_register_the_same_one_does_and_the_others_are_refused(name):
    competition = await a_competition()

    found = await asyncio.gather(
        *(ACTS[name](competition) for _ in range(4)), return_exceptions=True
    )

    refused = [item for item in found if isinstance(item, BaseException)]
    assert len(refused) == 3
    assert [item for item in refused if not isinstance(item, RuleBroken)] == []


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("a rule set", RuleSetCodeTaken),
        ("a rule set from a file", RuleSetThere),
        ("a competition", actions.NameTaken),
        ("a specification", specifications.NameTaken),
    ],
)
async def test_names_that_many_look_for_are_held_so_that_the_refusal_is_the_usual_one(
    name, refusal
):
    found = await asyncio.gather(*(ACTS[name](0) for _ in range(3)), return_exceptions=True)

    assert [type(item) for item in found if isinstance(item, BaseException)] == [refusal] * 2


async def series(*names):
    """Write series down in one transaction."""
    async with write_transaction():
        for name in names:
            await CompetitionSeries(name=name, created_at=AT).save()


async def are_there(*names):
    return [
        await CompetitionSeries.exists().where(CompetitionSeries.name == name) for name in names
    ]


async def test_what_an_index_refuses_takes_everything_back():
    await series("有了")

    with pytest.raises(TakenMeanwhile):
        await series("新的", "有了")

    assert await are_there("有了", "新的") == [True, False]


async def test_an_inner_refusal_leaves_the_outer_transaction_usable():
    await series("有了")
    async with write_transaction():
        with pytest.raises(TakenMeanwhile):
            await series("有了")
        await series("新的")

    assert await are_there("有了", "新的") == [True, True]


async def test_other_broken_rules_of_the_database_stay_bugs():
    """A missing value is no twin."""

    async def broken():
        async with write_transaction():
            await CompetitionSeries.raw("INSERT INTO delegation (competition) VALUES (NULL)")

    with pytest.raises(Exception, match=r"(?i)null") as caught:
        await broken()

    assert not isinstance(caught.value, RuleBroken)


async def test_duties_that_exclude_each_other_never_meet():
    account = await an_account()
    wanted = [Grant(duty, EVERYWHERE, AT) for duty in (Duty.CODING_JUDGE, Duty.MARKING_JUDGE)]

    found = await asyncio.gather(
        *(grants.grant(account, each, **WHO) for each in wanted), return_exceptions=True
    )

    assert sorted(type(item).__name__ for item in found) == ["DutiesExclude", "NoneType"]


async def test_of_two_corrections_one_is_told_that_it_came_late():
    async with write_transaction():
        person = await people.find_or_add_within(a_person(1), **WHO)
    organization = await organizations.register(
        OrganizationFacts("甲厂", OrganizationKind.FIRM), **WHO
    )
    row = await Person.select(Person.version).where(Person.id == person).first()
    assert row is not None

    both = [
        await asyncio.gather(*(act(name) for name in ("王一", "王二")), return_exceptions=True)
        for act in (
            lambda name: correct_person(
                person,
                Correction(name=name, phone=None, reason="写错"),
                seen_version=row["version"],
                **WHO,
            ),
            lambda name: organizations.change(
                organization, OrganizationFacts(name, OrganizationKind.FIRM), seen_version=1, **WHO
            ),
        )
    ]

    for found in both:
        assert sorted(type(item).__name__ for item in found) == ["NoneType", "Stale"]
