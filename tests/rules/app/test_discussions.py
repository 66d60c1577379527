"""Scores too far apart: who owes a word, and when it is given."""

from hypothesis import given
from hypothesis import strategies as st

from app.rules.discussions import Said, owing
from app.rules.mark_ledger import CellMark
from app.rules.mark_sheet import E4, MarkState

SEATS = ("J1", "J2", "J3")


class Table:
    """What is said at a table, one moment after the other."""

    def __init__(self, *seats: str, most: int = 1) -> None:
        self.seats, self.most = seats, most
        self.said: list[Said] = []
        self.moment = 0

    def say(self, *, word: bool = False, **values: float | None) -> frozenset[str]:
        """Let some seats mark in the same moment; None takes a mark back."""
        self.moment += 1
        for seat, value in values.items():
            before = [one.mark.id for one in self.said if one.seat == seat][-1:]
            self.put(seat, value, parents=before, word=word)
        return self.owing

    def put(self, seat: str, value: float | None, *, parents: list[str], word: bool = False) -> str:
        """Put one mark in the present moment."""
        state = MarkState.CLEARED if value is None else MarkState.MARKED
        value_e4 = None if value is None else int(value * E4)
        mark = CellMark(f"{len(self.said):03d}", frozenset(parents), state, value_e4)
        self.said.append(Said(seat, mark, self.moment, word))
        return mark.id

    @property
    def owing(self) -> frozenset[str]:
        """Who owes a word now."""
        return owing(self.said, self.seats, self.most)


class TestOwing:
    def test_begins_when_the_last_score_shows_a_wide_spread(self) -> None:
        table = Table(*SEATS)

        assert table.say(J1=1) == set()
        assert table.say(J2=3) == set()
        assert table.say(J3=3) == {"J1", "J2", "J3"}

    def test_ends_with_a_word_and_a_new_mark_by_each(self) -> None:
        table = Table(*SEATS)
        table.say(J1=1, J2=3, J3=3)

        assert table.say(J1=2, word=True) == {"J2", "J3"}
        assert table.say(J2=2) == {"J2", "J3"}
        assert table.say(J2=2, word=True) == {"J3"}
        assert table.say(J3=3, word=True) == set()

    def test_begins_anew_where_the_new_scores_lie_apart(self) -> None:
        table = Table("J1", "J2")
        table.say(J1=1, J2=3)

        assert table.say(J1=1, word=True) == {"J2"}
        assert table.say(J2=3, word=True) == {"J1", "J2"}

    def test_is_not_opened_by_a_slip_that_nobody_could_see(self) -> None:
        table = Table("J1", "J2")
        table.say(J2=3)
        table.moment += 1
        slip = table.put("J1", 0, parents=[])
        table.put("J1", 3, parents=[slip])

        assert table.owing == set()

    def test_waits_while_two_marks_of_a_seat_differ_and_their_choice_is_no_word(self) -> None:
        table = Table("J1", "J2")
        table.say(J2=0)
        table.moment += 1
        sides = [table.put("J1", 3, parents=[]), table.put("J1", 2, parents=[])]
        assert table.owing == set()
        table.moment += 1
        table.put("J1", 3, parents=sides, word=True)
        assert table.owing == {"J1", "J2"}
        table.moment += 1
        last = table.said[-1].mark.id
        sides = [table.put("J1", 2, parents=[last]), table.put("J1", 1, parents=[last])]
        table.put("J1", 1, parents=sides, word=True)
        assert table.owing == {"J1", "J2"}

    def test_a_mark_taken_back_is_no_word(self) -> None:
        table = Table("J1", "J2")
        table.say(J1=1, J2=3)

        table.say(J1=None, word=True)

        assert table.say(J1=2) == {"J1", "J2"}

    def test_rests_while_a_score_that_was_taken_back_leaves_all_sealed(self) -> None:
        table = Table("J1", "J2")
        table.say(J1=1, J2=3)

        assert table.say(J1=None) == set()
        assert table.say(J2=2, word=True) == set()
        assert table.say(J1=2) == {"J1"}

    def test_who_gave_no_score_owes_none(self) -> None:
        table = Table(*SEATS)
        table.say(J1=1, J2=3)
        mark = CellMark("900", frozenset(), MarkState.MISSING, None)
        table.said.append(Said("J3", mark, 9))

        assert table.owing == {"J1", "J2"}

    def test_marks_of_a_seat_that_judges_no_more_count_for_nothing(self) -> None:
        table = Table("J1", "J2")
        table.say(J1=2, J2=3, J9=0)

        assert table.owing == set()

    def test_nobody_marked_nobody_owes(self) -> None:
        assert Table(*SEATS).owing == set()
        assert Table("J1").say(J1=None) == set()

    @given(
        st.lists(st.tuples(st.sampled_from(SEATS), st.integers(0, 3), st.booleans()), max_size=12),
        st.integers(0, 3),
    )
    def test_nobody_owes_unless_the_scores_were_once_apart(
        self, marks: list[tuple[str, int, bool]], most: int
    ) -> None:
        table = Table(*SEATS, most=most)
        was_apart = False
        for seat, value, word in marks:
            table.say(word=word, **{seat: value})
            last = {one.seat: one.mark.value_e4 or 0 for one in table.said}
            spread = max(last.values()) - min(last.values())
            was_apart = was_apart or (len(last) == len(SEATS) and spread > most * E4)

        assert was_apart or table.owing == set()
        assert table.owing <= set(SEATS)
