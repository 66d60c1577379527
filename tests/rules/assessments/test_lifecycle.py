"""The states of a specification and of a sitting lead only where they may."""

from itertools import product

import pytest

from assessments.rules.lifecycle import (
    SITTING_STEPS,
    SPECIFICATION_STEPS,
    SittingStatus,
    SpecificationStatus,
    WrongStep,
    step_sitting,
    step_specification,
)


@pytest.mark.parametrize(("now", "wanted"), list(product(SpecificationStatus, repeat=2)))
def test_a_specification_steps_along_its_table(now, wanted):
    if wanted in SPECIFICATION_STEPS[now]:
        assert step_specification(now, wanted) is wanted
    else:
        with pytest.raises(WrongStep) as refused:
            step_specification(now, wanted)
        assert (refused.value.now, refused.value.wanted) == (now, wanted)


@pytest.mark.parametrize(("now", "wanted"), list(product(SittingStatus, repeat=2)))
def test_a_sitting_steps_along_its_table(now, wanted):
    if wanted in SITTING_STEPS[now]:
        assert step_sitting(now, wanted) is wanted
    else:
        with pytest.raises(WrongStep):
            step_sitting(now, wanted)


def test_a_specification_comes_into_force_only_after_review_and_filing():
    path = [SpecificationStatus.DRAFT]
    for wanted in ("under_review", "filed", "in_force"):
        path.append(step_specification(path[-1], SpecificationStatus(wanted)))

    assert path[-1] is SpecificationStatus.IN_FORCE
    with pytest.raises(WrongStep):
        step_specification(SpecificationStatus.DRAFT, SpecificationStatus.IN_FORCE)


def test_what_is_published_is_never_graded_again():
    for wanted in SittingStatus:
        if wanted is not SittingStatus.ARCHIVED:
            with pytest.raises(WrongStep):
                step_sitting(SittingStatus.PUBLISHED, wanted)
