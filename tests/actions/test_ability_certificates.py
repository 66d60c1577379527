"""专项职业能力证书 of a sitting: what a paper says of its holder."""

import pytest

from app.certificates import batches, printing, register
from app.rules.actors import SYSTEM
from app.rules.identity import LABELS, Sex
from assessments.enrollment import queries as candidates
from assessments.grading import certifying
from tests.builders.assessments import published
from tests.builders.certificates import open_house
from tests.builders.events import AT
from tests.builders.papers import pages_of

pytestmark = pytest.mark.anyio


async def test_tells_holders_of_one_name_apart_by_sex_and_masked_number(database, tmp_path):
    open_house(tmp_path)
    line, _ = await published(people=2)
    await batches.run(await certifying.order(line.id, reason="急用", by=SYSTEM, at=AT))

    details = [
        await register.certificate(item.id) for item in await register.certificates_of(line.ledger)
    ]
    pages = pages_of(await printing.pdf_of(details, is_demo=False))

    known = await candidates.by_person(line.id)
    assert len(details) == 2
    for detail, page in zip(details, pages, strict=True):
        person = known[detail.line.person_id or 0]
        assert detail.prints == {
            "性别": LABELS[Sex(person.sex or "")],
            "证件号码": person.id_masked,
            "职业领域": "果树栽培工",
            "考核日期": f"{line.day}",
        }
        assert person.id_masked in page.replace(" ", "")
    assert len({detail.prints["证件号码"] for detail in details}) == 2
