"""更正公布 of a sitting: what the desk, the certificates' page and the public say."""

import pytest

from app.rules.actors import Duty
from tests.builders.assessments import amend, published
from tests.builders.competitions import somebody
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
OLD = "在此之前对外仍是原来的成绩"


async def test_what_was_published_no_longer_holds_and_every_page_says_so(sqlite_database, tmp_path):
    line, group = await published()
    desk = f"/desk/assessments/{line.id}"
    organizer = await somebody(Duty.ORGANIZER, scope=line.scopes[0])
    async with a_visit(tmp_path, organizer) as visitor:
        before = (await visitor.get(f"{desk}/results")).text
        await amend(line, group, "0")
        stale = (await visitor.get(f"{desk}/results")).text
        certificates = (await visitor.get(f"{desk}/certificates")).text
        overview = (await visitor.get(desk)).text
        early = await visitor.send(desk, f"{desk}/republishing", {"reason": "受理异议"})

    assert OLD not in before
    assert OLD in stale
    assert "请先更正公布，再签发证书" in certificates
    assert "评分记录有更正，待更正公布" in overview
    assert early.status_code == 422
    assert "请先重新计算，再更正公布" in early.text


async def test_one_proposes_and_another_lets_the_public_read_it(sqlite_database, tmp_path):
    line, group = await published()
    await amend(line, group, "0")
    results = f"/desk/assessments/{line.id}/results"
    again = f"/desk/assessments/{line.id}/republishing"
    organizer = await somebody(Duty.ORGANIZER, scope=line.scopes[0])
    async with a_visit(tmp_path, organizer) as visitor:
        grades = f"/desk/assessments/{line.id}/grades"
        assert (await visitor.send(results, grades, {"version": 1})).status_code == 303
        counted = (await visitor.get(results)).text
        unexplained = await visitor.send(results, again, {"reason": ""})
        await visitor.send(results, again, {"reason": "受理异议"})
        waiting = (await visitor.get(results)).text
        between = (await visitor.get(f"/assessments/{line.id}")).text
    async with a_visit(tmp_path, group[-1]) as visitor:
        await visitor.send(results, f"{again}/confirmation")
        done = (await visitor.get(results)).text
        public = (await visitor.get(f"/assessments/{line.id}")).text

    assert "60.00 → 50.00" in counted
    assert "合格 → 不合格" in counted
    assert unexplained.status_code == 422
    assert "请填写更正的原因" in unexplained.text
    assert "等待另一人确认" in waiting
    assert "确认更正公布" not in waiting
    assert "不合格" not in between
    assert "更正公布记录" in done
    assert OLD not in done
    assert "不合格" in public
    assert "更正后重新公布，以本页为准。" in public
