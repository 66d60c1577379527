"""Who moves when a list of entries is corrected."""

from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.moves import Moves, moves_of

PLACES = st.tuples(st.just(1), st.sampled_from("甲乙"), st.sampled_from(["一", "二", "三"]))


class TestMovesOf:
    def test_keeps_everybody_who_is_not_listed(self):
        there = {1: (10, (1, "甲", "一")), 2: (10, (1, "甲", "一"))}

        assert moves_of(there, {}) == Moves({}, {}, frozenset())
        assert moves_of(there, {1: (1, "乙", "一")}) == Moves({}, {1: (1, "乙", "一")}, frozenset())

    def test_moves_singles_of_one_delegation_each_on_its_own(self):
        there = {1: (10, (1, "甲", "")), 2: (11, (1, "甲", ""))}
        wanted = {1: (1, "乙", ""), 2: (1, "乙", "")}

        assert moves_of(there, wanted).whole == {10: (1, "乙", ""), 11: (1, "乙", "")}

    def test_brings_two_teams_that_want_one_name_together(self):
        there = {1: (10, (1, "甲", "一")), 2: (11, (1, "甲", "二"))}
        wanted = {1: (1, "甲", "三"), 2: (1, "甲", "三")}

        moves = moves_of(there, wanted)

        assert moves == Moves({10: (1, "甲", "三")}, {2: (1, "甲", "三")}, frozenset({11}))

    @given(st.dictionaries(st.integers(0, 8), PLACES), st.dictionaries(st.integers(0, 8), PLACES))
    def test_brings_everybody_to_where_the_list_wants_them(self, stand, wanted):
        entries = {place: 100 + at for at, place in enumerate(sorted(set(stand.values())))}
        there = {one: (entries[place], place) for one, place in stand.items()}
        wanted = {one: place for one, place in wanted.items() if one in stand}

        moves = moves_of(there, wanted)

        after = {
            one: moves.single.get(one) or moves.whole.get(entry, place)
            for one, (entry, place) in there.items()
        }
        assert after == {one: wanted.get(one, place) for one, place in stand.items()}
        assert len(set(moves.whole.values())) == len(moves.whole)
        filled = {entry for one, (entry, _) in there.items() if one not in moves.single}
        filled |= {entries[to] for to in moves.single.values() if to in entries}
        assert not moves.emptied & (filled - moves.whole.keys())
