"""更正公布 of a sitting: what the desk, the certificates' page and the public say."""

import pytest

from app.rules.actors import Duty
from tests.builders.assessments import amend, published
from tests.builders.competitions import somebody
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
OLD = "在此之前对外仍是原来的成绩"


async def test_leads_from_an_upheld_objection_to_what_the_public_reads(sqlite_database, tmp_path):
    line, group = await published()
    desk = f"/desk/assessments/{line.id}"
    results = f"{desk}/results"
    organizer = await somebody(Duty.ORGANIZER, scope=line.scopes[0])
    async with a_visit(tmp_path, organizer) as visitor:
        before = (await visitor.get(results)).text
        await amend(line, group, "0")
        stale = (await visitor.get(results)).text
        certificates = (await visitor.get(f"{desk}/certificates")).text
        overview = (await visitor.get(desk)).text
        early = await visitor.send(results, f"{desk}/republishing", {"reason": "受理异议"})
        regraded = await visitor.send(results, f"{desk}/grades", {"version": line.version})
        counted = (await visitor.get(results)).text
        unexplained = await visitor.send(results, f"{desk}/republishing", {"reason": ""})
        proposed = await visitor.send(results, f"{desk}/republishing", {"reason": "受理异议"})
        waiting = (await visitor.get(results)).text
    async with a_visit(tmp_path) as visitor:
        between = (await visitor.get(f"/assessments/{line.id}")).text
    async with a_visit(tmp_path, group[-1]) as visitor:
        confirmed = await visitor.send(results, f"{desk}/republishing/confirmation")
        done = (await visitor.get(results)).text
    async with a_visit(tmp_path) as visitor:
        public = (await visitor.get(f"/assessments/{line.id}")).text

    assert OLD not in before
    assert OLD in stale
    assert "请先更正公布，再签发证书" in certificates
    assert "评分记录有更正，待更正公布" in overview
    assert early.status_code == 422
    assert "请先重新计算，再更正公布" in early.text
    assert regraded.status_code == 303
    assert "还没有公布，对外仍是原来的成绩" in counted
    assert "60.00 → 50.00" in counted
    assert "合格 → 不合格" in counted
    assert unexplained.status_code == 422
    assert "请填写更正的原因" in unexplained.text
    assert proposed.status_code == 303
    assert "等待另一人确认" in waiting
    assert "确认更正公布" not in waiting
    assert "不合格" not in between
    assert confirmed.status_code == 303
    assert "更正公布记录" in done
    assert OLD not in done
    assert "不合格" in public
    assert "更正后重新公布，以本页为准。" in public
