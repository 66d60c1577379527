"""Numbers that no column holds, in addresses and forms: nothing is there, and nothing breaks."""

import pytest

from app.rules.actors import EVERYWHERE, Duty
from tests.builders.competitions import somebody
from tests.builders.events import an_event, an_official, marking
from tests.builders.visits import a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
BEYOND = 10**25


@pytest.mark.parametrize(
    "path",
    [
        f"/desk/events/{BEYOND}/results",
        f"/desk/events/{2**31}/results",
        f"/competitions/{BEYOND}",
        f"/desk/rule-sets/rural-national/{BEYOND}",
        f"/desk/competitions/1/entries?event={BEYOND}",
        f"/desk/competitions/1/entries?page={BEYOND}",
        f"/desk/certificates?batch={BEYOND}",
        f"/desk/certificates?page={BEYOND}",
        f"/desk/organizations?page={BEYOND}",
        "/specifications/a%00b",
        "/desk/rule-sets/a%00b/1",
        "/desk/sheets/a%00b",
    ],
)
async def test_lead_to_nothing(tmp_path, path):
    await an_event()
    actor = await somebody(Duty.ORGANIZER, scope=EVERYWHERE)

    async with a_visit(tmp_path, actor) as visitor:
        found = await visitor.get(path)

    assert found.status_code in {200, 404}, found.text


async def test_in_a_form_are_nobody(tmp_path):
    line = await an_event()
    await marking(line)
    base = f"/desk/events/{line.id}"

    async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
        seated = await visitor.send(
            f"{base}/seats", f"{base}/seats", {"judge_id": BEYOND, "kind": "marking"}
        )

    assert seated.status_code in {404, 422}
