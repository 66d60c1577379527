"""Who stands aside for whom."""

import pytest

from competitions.rules.recusal import Conflict, EntryTies, JudgeTies, conflicts

JUDGE = JudgeTies("张三", delegation=7, employer="省职业学院（东区）", person=40, county="522632")


class TestConflicts:
    @pytest.mark.parametrize(
        ("entry", "reasons"),
        [
            (EntryTies(delegation=8), ()),
            (EntryTies(delegation=7), (Conflict.DELEGATION,)),
            (
                EntryTies(delegation=8, employers=["某厂", "省职业学院 (东区)"]),
                (Conflict.EMPLOYER,),
            ),
            (EntryTies(delegation=8, employers=["省职业学院（西区）", ""]), ()),
            (EntryTies(delegation=8, counties=["522631", "522632"]), (Conflict.COUNTY,)),
            (EntryTies(delegation=8, counties=["522631", None]), ()),
            (EntryTies(delegation=8, coach="李四、张三"), (Conflict.COACH,)),
            (EntryTies(delegation=8, coach="李四 张 三"), ()),
            (EntryTies(delegation=8, people=[40, 41]), (Conflict.PERSON,)),
            (EntryTies(delegation=7, coach="张三"), (Conflict.DELEGATION, Conflict.COACH)),
        ],
    )
    def test_are_found(self, entry, reasons):
        assert conflicts(JUDGE, entry) == reasons

    def test_may_be_declared(self):
        assert conflicts(JUDGE, EntryTies(8), is_declared=True) == (Conflict.DECLARED,)

    def test_do_not_arise_from_what_is_not_known(self):
        nobody = JudgeTies("", delegation=None)

        assert conflicts(nobody, EntryTies(8, employers=[""], coach="", counties=[None])) == ()
