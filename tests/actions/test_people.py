"""One person once: matched by number, sealed at rest, corrected with a reason."""

from pathlib import Path

import msgspec
import pytest

from app.audit import queries as journal
from app.errors import NotAllowed, NotFound, Stale
from app.people import actions, correcting, history, organizations, persons, queries, ties
from app.people.actions import NameDiffers
from app.people.correcting import Correction
from app.people.kinds import OrganizationKind
from app.people.organizations import (
    CreditCodeTaken,
    NothingChanged,
    OrganizationFacts,
    OrganizationKnown,
)
from app.people.tables import Person
from app.rules.actors import NOBODY, SYSTEM, Duty, Scope
from app.rules.identity import IdKind, WrongCheckCharacter, WrongName
from app.storage.engine import write_transaction
from competitions.registration import ties as competition_ties
from tests.builders.events import an_event, an_official
from tests.builders.people import AT, TODAY, a_number, a_person, facts_of, someone

pytestmark = pytest.mark.anyio


def a_credit_code(body: str = "91522632MA6DKJ3K1") -> str:
    """A credit code whose check character is right."""
    return next(
        body + sign for sign in organizations.SYMBOLS if organizations.is_credit_code(body + sign)
    )


def a_firm(name: str = "榕江县侗乡手工合作社", **facts: str | None) -> OrganizationFacts:
    """A firm of the register."""
    return OrganizationFacts(name, OrganizationKind.FIRM, **facts)


def corrected(name: str = "杨秀英", phone: str | None = None) -> Correction:
    """A correction with a reason."""
    return Correction(name=name, phone=phone, reason="已核对证件")


class TestMatching:
    @pytest.mark.parametrize(
        "spelling",
        [
            "买买提·艾力",
            "买买提•艾力",
            "买买提・艾力",
            "买买提．艾力",
            " 买买提 · 艾力 ",
            "买 买 提·艾 力",
        ],
    )
    async def test_knows_a_person_again_whatever_the_dots_and_blanks(self, database, spelling):
        known = await a_person("买买提·艾力")

        again = await a_person(spelling)

        assert again == known
        assert await queries.person_count() == 1

    async def test_knows_a_number_again_whatever_its_blanks_and_its_last_letter(self, database):
        number = next(found for at in range(99) if (found := a_number(at)).endswith("X"))
        known = await a_person(number=number)

        again = await a_person(number=f" {number[:6]} {number[6:14]}-{number[14:].lower()} ")

        assert again == known

    async def test_tells_two_of_one_name_apart(self, database):
        known = await a_person("王伟", a_number(1))

        other = await a_person("王伟", a_number(2))

        assert other != known

    async def test_refuses_another_name_for_a_number_in_a_clear_sentence(self, database):
        await a_person("杨秀英")

        with pytest.raises(NameDiffers) as refused:
            await a_person("杨秀瑛")

        assert str(refused.value) == (
            "证件号 522632********0017 已登记在“杨**”名下，与“杨秀瑛”不符。请核对姓名和证件号。"
        ).replace("0017", a_number()[-4:])
        assert a_number() not in str(refused.value)
        assert await queries.person_count() == 1

    async def test_registers_many_at_once_in_their_order(self, database):
        known = await a_person("王伟", a_number(2))
        facts = [facts_of("李娜", a_number(1)), facts_of("王伟", a_number(2))]

        async with write_transaction():
            ids = await actions.find_or_add_many_within([*facts, facts[0]], by=SYSTEM, at=AT)

        assert ids[1] == known
        assert ids[0] == ids[2] != known


class TestSealing:
    async def test_keeps_no_number_and_no_phone_in_the_rows(self, database):
        await a_person(phone="13812345678")

        [row] = await Person.select()
        records = await journal.records_of("people.person:1")
        written = repr(row).encode() + bytes(row["id_sealed"]) + bytes(row["phone_sealed"])

        assert a_number().encode() not in written
        assert b"13812345678" not in written
        assert a_number() not in repr(records)
        assert row["id_masked"] == f"522632********{a_number()[-4:]}"

    async def test_keeps_no_number_and_no_phone_in_the_file(self, sqlite_database):
        person_id = await a_person(phone="13812345678")
        await correcting.correct_person(
            person_id, corrected(phone="13987654321"), seen_version=1, by=SYSTEM, at=AT
        )

        folder = Path(sqlite_database.removeprefix("sqlite:///")).parent
        raw = b"".join(path.read_bytes() for path in folder.glob("house.sqlite*"))

        assert "杨秀英".encode() in raw
        for secret in (a_number(), "13812345678", "13987654321"):
            assert secret.encode() not in raw

    async def test_seals_the_same_number_to_other_bytes_each_time(self, database):
        await a_person("王伟", a_number(1))
        await a_person("李娜", a_number(2))

        rows = await Person.select(Person.id_sealed)

        assert len({bytes(row["id_sealed"])[:12] for row in rows}) == 2


class TestFindingByNumber:
    @pytest.mark.parametrize(
        ("kind", "number", "typed"),
        [
            (IdKind.PASSPORT, "E12345678", "e1234 5678"),
            (IdKind.TAIWAN_PERMIT, "01234567", "01234567"),
            (IdKind.HONG_KONG_MACAO_PERMIT, "H12345678", "H12345678"),
            (IdKind.RESIDENT, a_number(7), f"{a_number(7)} "),
        ],
    )
    async def test_tries_every_kind_of_document(self, database, kind, number, typed):
        person_id = await a_person(number=number, kind=kind)

        assert await persons.by_number(typed, SYSTEM, TODAY) == person_id

    async def test_says_what_is_wrong_with_a_number(self, database):
        number = a_number()
        mistyped = number[:-1] + ("1" if number[-1] != "1" else "2")

        with pytest.raises(WrongCheckCharacter):
            await persons.by_number(mistyped, SYSTEM, TODAY)
        with pytest.raises(persons.UnreadableNumber):
            await persons.by_number("12", SYSTEM, TODAY)

    async def test_names_an_unknown_number_only_masked(self, database):
        with pytest.raises(persons.NumberUnknown) as refused:
            await persons.by_number(a_number(), SYSTEM, TODAY)

        assert a_number() not in str(refused.value)


class TestWhoSeesWhom:
    @pytest.fixture(autouse=True)
    def rooms(self) -> None:
        """What app.main does: let competitions say what they hold of a person."""
        ties.learn("competitions", competition_ties.ties_of)

    async def test_is_whoever_has_a_duty_over_something_of_the_person(self, sqlite_database):
        line = await an_event()
        stranger = await a_person("赵无关", a_number(9))
        entrant = next(item for item in await everyone() if item.id != stranger)
        registrar = await an_official(line, Duty.REGISTRAR)

        seen, own = await persons.person(entrant.id, registrar)

        assert seen == entrant
        assert [(tie.kind, tie.place) for tie in own] == [("选手", "测试大赛")]
        with pytest.raises(NotFound):
            await persons.person(stranger, registrar)

    async def test_leaves_strangers_out_of_the_search(self, sqlite_database):
        line = await an_event()
        entrant = (await everyone())[0]
        await a_person(entrant.name, a_number(9))
        registrar = await an_official(line, Duty.REGISTRAR)

        found = await persons.found(entrant.name, registrar, number=1, page_size=9)
        nothing = await persons.found("", registrar, number=1, page_size=9)

        assert [item.id for item in found.lines] == [entrant.id]
        assert nothing.lines == []

    async def test_does_not_tell_a_stranger_by_number(self, sqlite_database):
        line = await an_event()
        await a_person("赵无关", a_number(9))

        with pytest.raises(persons.NumberUnknown):
            await persons.by_number(a_number(9), await an_official(line, Duty.REGISTRAR), TODAY)

    async def test_shows_nobody_to_nobody(self, sqlite_database):
        with pytest.raises(NotFound):
            await persons.person(await a_person(), NOBODY)


class TestCorrecting:
    async def test_corrects_what_a_list_may_contradict(self, database):
        person_id = await a_person()
        wanted = msgspec.structs.replace(corrected(), ethnic_group="06", education="大专")

        await correcting.correct_person(person_id, wanted, seen_version=1, by=SYSTEM, at=AT)

        told = (await history.history_of(f"people.person:{person_id}"))[0].differences
        assert {(item.field, item.before, item.after) for item in told} == {
            ("民族", "", "苗族"),
            ("文化程度", "", "大专"),
        }
        with pytest.raises(organizations.NothingChanged):
            await correcting.correct_person(person_id, wanted, seen_version=2, by=SYSTEM, at=AT)

    async def test_records_what_was_before_and_why(self, database):
        person_id = await a_person("杨秀英", phone="13812345678")
        wanted = corrected("杨秀瑛", "13987654321")

        await correcting.correct_person(person_id, wanted, seen_version=1, by=SYSTEM, at=AT)
        line, _ = await persons.person(person_id, SYSTEM)
        newest = (await history.history_of(f"people.person:{person_id}"))[0]

        assert (line.name, line.phone_masked, line.version) == ("杨秀瑛", "139******21", 2)
        assert newest.reason == "已核对证件"
        assert [(item.field, item.before, item.after) for item in newest.differences] == [
            ("姓名", "杨秀英", "杨秀瑛"),
            ("手机", "138******78", "139******21"),
        ]

    async def test_lets_the_right_name_register_from_then_on(self, database):
        person_id = await a_person("杨秀英")

        await correcting.correct_person(
            person_id, corrected("杨秀瑛"), seen_version=1, by=SYSTEM, at=AT
        )

        assert await a_person("杨秀瑛") == person_id

    async def test_keeps_or_takes_away_the_phone(self, database):
        person_id = await a_person("杨秀英", phone="13812345678")

        await correcting.correct_person(
            person_id, corrected("杨秀瑛"), seen_version=1, by=SYSTEM, at=AT
        )
        kept, _ = await persons.person(person_id, SYSTEM)
        await correcting.correct_person(
            person_id, corrected("杨秀瑛", ""), seen_version=2, by=SYSTEM, at=AT
        )
        without, _ = await persons.person(person_id, SYSTEM)

        assert kept.phone_masked == "138******78"
        assert without.phone_masked is None

    async def test_refuses_what_changes_nothing_and_what_is_no_name(self, database):
        person_id = await a_person("杨秀英", phone="13812345678")

        for wanted in (corrected(), corrected(phone="13812345678")):
            with pytest.raises(NothingChanged):
                await correcting.correct_person(person_id, wanted, seen_version=1, by=SYSTEM, at=AT)
        with pytest.raises(WrongName):
            await correcting.correct_person(
                person_id, corrected("杨9"), seen_version=1, by=SYSTEM, at=AT
            )

    async def test_refuses_a_version_that_was_changed_since(self, database):
        person_id = await a_person()

        with pytest.raises(Stale):
            await correcting.correct_person(
                person_id, corrected("杨秀瑛"), seen_version=7, by=SYSTEM, at=AT
            )

    async def test_is_closed_to_who_only_reads_and_to_other_scopes(self, sqlite_database):
        person_id = await a_person()
        auditor = await someone(Duty.AUDITOR)
        elsewhere = await someone(Duty.ORGANIZER, scope=Scope("competition", "99"))

        for actor in (auditor, elsewhere):
            with pytest.raises(NotAllowed):
                await correcting.correct_person(
                    person_id, corrected("杨秀瑛"), seen_version=1, by=actor, at=AT
                )


class TestOrganizations:
    async def test_are_registered_once(self, database):
        code = a_credit_code()
        await organizations.register(a_firm(credit_code=code), by=SYSTEM, at=AT)

        with pytest.raises(OrganizationKnown):
            await organizations.register(a_firm(), by=SYSTEM, at=AT)
        with pytest.raises(CreditCodeTaken):
            await organizations.register(a_firm("另一个", credit_code=code), by=SYSTEM, at=AT)

    async def test_change_with_a_record(self, database):
        new_id = await organizations.register(
            a_firm(region_code="522632", contact="老李"), by=SYSTEM, at=AT
        )

        await organizations.change(
            new_id, a_firm("新名", region_code="522632"), seen_version=1, by=SYSTEM, at=AT
        )
        line = await queries.organization(new_id)
        newest = (await history.history_of(f"people.organization:{new_id}"))[0]

        assert (line.name, line.contact, line.version) == ("新名", None, 2)
        assert [(item.field, item.after) for item in newest.differences] == [
            ("单位名称", "新名"),
            ("联系人", ""),
        ]

    async def test_refuse_what_changes_nothing_and_what_is_stale(self, database):
        new_id = await organizations.register(a_firm(), by=SYSTEM, at=AT)

        with pytest.raises(NothingChanged):
            await organizations.change(new_id, a_firm(), seen_version=1, by=SYSTEM, at=AT)
        with pytest.raises(Stale):
            await organizations.change(new_id, a_firm("新名"), seen_version=3, by=SYSTEM, at=AT)

    async def test_belong_to_the_organizers_of_their_region(self, sqlite_database):
        keeper = await someone(Duty.ORGANIZER, scope=Scope("region", "522600"))
        new_id = await organizations.register(a_firm(region_code="522632"), by=keeper, at=AT)

        with pytest.raises(NotAllowed):
            await organizations.register(a_firm("省外", region_code="450000"), by=keeper, at=AT)
        with pytest.raises(NotAllowed):
            await organizations.change(
                new_id, a_firm(region_code="450000"), seen_version=1, by=keeper, at=AT
            )


class TestRegions:
    async def test_are_loaded_once_at_an_administrators_word(self, sqlite_database):
        administrator = await someone(Duty.ADMINISTRATOR)

        added = await actions.load_regions(by=administrator, at=AT)

        assert added > 3000
        with pytest.raises(actions.RegionsThere):
            await actions.load_regions(by=administrator, at=AT)
        with pytest.raises(NotAllowed):
            await actions.load_regions(by=NOBODY, at=AT)


async def everyone() -> list[persons.PersonLine]:
    """Every person as one who sees all."""
    return (await persons.found("", SYSTEM, number=1, page_size=99)).lines
