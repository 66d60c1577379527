"""Small, valid, boring specifications and sittings."""

from datetime import datetime, timedelta
from typing import Any

from app.rules.actors import SYSTEM
from assessments.rules.lifecycle import SittingStatus, SpecificationStatus
from assessments.rules.specification import SpecificationFacts, TaskFacts
from assessments.sittings import actions as sittings
from assessments.sittings.actions import SittingPlan
from assessments.specifications import actions as specifications

FACTS = SpecificationFacts(
    name="刺梨初加工",
    occupation_field="果树栽培工",
    definition="运用园艺工具，在刺梨园中，进行采收和初加工的能力。",
    applicability="运用本项能力就业的人员。",
    tasks=(
        TaskFacts("采收", ("能判断成熟度。",), ("成熟度的标准。",), 40),
        TaskFacts("烘干", ("能控制温度。",), ("烘干的温度。",), 60),
    ),
    admission="达到法定劳动年龄。",
    examiners="相关专业中级以上职称。",
    method="现场操作，120 分钟。",
    minutes=120,
    site="刺梨园一亩。",
    fewest_examiners=3,
    pass_mark=60,
)


async def a_specification(at: datetime) -> int:
    """Put a specification in force."""
    found = await specifications.create(FACTS, trade="农林牧渔", by=SYSTEM, at=at)
    steps = (
        SpecificationStatus.UNDER_REVIEW,
        SpecificationStatus.FILED,
        SpecificationStatus.IN_FORCE,
    )
    for version, wanted in enumerate(steps, start=1):
        await specifications.step(
            found, wanted, seen_version=version, by=SYSTEM, at=at, on=at.date()
        )
    return found


async def a_sitting(
    at: datetime, *, status: SittingStatus = SittingStatus.ENROLLING, **changes: Any
) -> int:
    """Plan a sitting a week ahead, and open it for candidates unless it stays planned."""
    begins = at + timedelta(days=7)
    plain: dict[str, Any] = {
        "code": "CL01",
        "name": "刺梨初加工第一批次",
        "specification_id": await a_specification(at),
        "institution": "榕江县职业技能考核站",
        "issuer": "榕江县技能鉴定中心",
        "site": "榕江县中等职业学校",
        "region_code": "522632",
        "address": "学府路 1 号",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=8),
        "enrollment_closes_at": begins,
        "rooms": (("第一考场", 10),),
    }
    sitting_id = await sittings.plan(SittingPlan(**plain | changes), by=SYSTEM, at=at)
    if status is not SittingStatus.PLANNED:
        await sittings.step(sitting_id, status, seen_version=1, by=SYSTEM, at=at)
    return sitting_id
