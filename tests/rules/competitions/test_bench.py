"""Who marks whom: seats, stand-ins, and how many judges an event needs (marking.md §6)."""

import pytest

from competitions.rules.bench import Place, Seated, bench, fewest_judges
from competitions.rules.recusal import Conflict, EntryTies, JudgeTies

ENTRY = EntryTies(delegation=7)


def judge(key, delegation=None, declared=()):
    return Seated(key, f"J{key}", JudgeTies(f"裁判{key}", delegation=delegation), declared)


class TestBench:
    def test_keeps_the_seats_where_nobody_stands_aside(self):
        judges = [judge(1), judge(2, delegation=8)]

        assert bench(judges, [judge(9)], 5, ENTRY) == [
            Place("J1", judges[0]),
            Place("J2", judges[1]),
        ]

    def test_gives_a_place_to_the_first_reserve_without_a_conflict(self):
        own, tied, free = judge(1, delegation=7), judge(8, delegation=7), judge(9)

        assert bench([own], [tied, free], 5, ENTRY) == [
            Place("J1", free, own, (Conflict.DELEGATION,))
        ]

    def test_uses_each_reserve_once_and_leaves_the_rest_empty(self):
        own = [judge(1, delegation=7), judge(2), judge(3, declared=(5,))]
        reserve = judge(9)

        places = bench(own, [reserve], 5, ENTRY)

        assert [(place.seat, place.judge.key) for place in places] == [("J1", 9), ("J2", 2)]

    def test_a_declared_conflict_is_for_that_entry_only(self):
        declared = judge(1, declared=(5,))

        assert bench([declared], [], 5, ENTRY) == []
        assert bench([declared], [], 6, ENTRY) == [Place("J1", declared)]


@pytest.mark.parametrize(
    ("kinds", "fewest"),
    [
        (set(), 1),
        ({"points", "measurement"}, 1),
        ({"judgement"}, 3),
        ({"panel", "points"}, 5),
        ({"panel", "judgement"}, 5),
    ],
)
def test_an_event_needs_as_many_judges_as_its_strictest_kind(kinds, fewest):
    assert fewest_judges(kinds, panel=5, judgement=3) == fewest
