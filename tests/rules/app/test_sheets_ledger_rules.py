"""The ledger's rules: chain, heads, conflicts; whatever the order and however often."""

import random
from dataclasses import replace
from hashlib import sha256
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.rules.mark_ledger import (
    ROOT_OF_NOTHING,
    Break,
    CellMark,
    first_break,
    heads,
    is_conflict,
    next_hash,
    present,
)
from app.rules.mark_sheet import MarkState


def a_mark(name: str, *parents: str, value_e4: int | None = 10_000) -> CellMark:
    state = MarkState.MARKED if value_e4 is not None else MarkState.CLEARED
    return CellMark(name, frozenset(parents), state, value_e4)


@st.composite
def histories(draw: st.DrawFn) -> list[CellMark]:
    """One cell marked on up to three devices, each knowing its own marks, at times the others'."""
    seen: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}
    marks: list[CellMark] = []
    for number in range(draw(st.integers(1, 14))):
        device = draw(st.integers(0, 2))
        if draw(st.booleans()) and draw(st.booleans()):
            seen[device] |= {mark.id for mark in marks}
        known = [mark for mark in marks if mark.id in seen[device]]
        parents = frozenset(mark.id for mark in heads(known))
        value = draw(st.one_of(st.none(), st.integers(0, 3).map(lambda points: points * 10_000)))
        mark = replace(a_mark(f"m{number:02d}", value_e4=value), parents=parents)
        marks.append(mark)
        seen[device].add(mark.id)
    return marks


class TestHeads:
    @given(histories(), st.randoms(use_true_random=False))
    def test_do_not_depend_on_order_or_repetition(
        self, marks: list[CellMark], luck: random.Random
    ) -> None:
        shuffled = [*marks, *luck.choices(marks, k=5)]
        luck.shuffle(shuffled)

        assert heads(shuffled) == heads(marks)

    @given(histories())
    def test_there_is_always_one_that_holds_the_last_word(self, marks: list[CellMark]) -> None:
        assert marks[-1] in heads(marks)

    @given(histories())
    def test_a_mark_that_replaces_all_heads_ends_every_conflict(
        self, marks: list[CellMark]
    ) -> None:
        decision = a_mark("zz", *(mark.id for mark in heads(marks)), value_e4=20_000)

        found = heads([*marks, decision])

        assert found == (decision,)
        assert not is_conflict(found)

    def test_a_child_that_arrives_before_its_parent_still_replaces_it(self) -> None:
        child, parent = a_mark("b", "a", value_e4=20_000), a_mark("a")

        assert heads([child, parent]) == (child,)


class TestPresent:
    def test_two_devices_that_say_the_same_are_no_conflict(self) -> None:
        found = heads([a_mark("a"), a_mark("b")])

        assert not is_conflict(found)
        assert present(found) == a_mark("a")

    def test_nothing_holds_while_two_marks_say_different_things(self) -> None:
        found = heads([a_mark("a"), a_mark("b", value_e4=20_000)])

        assert is_conflict(found)
        assert present(found) is None

    def test_a_mark_taken_back_leaves_the_cell_open(self) -> None:
        assert present(heads([a_mark("a"), a_mark("b", "a", value_e4=None)])) is None

    def test_a_cell_without_marks_is_open(self) -> None:
        assert present(()) is None


def a_chain(length: int) -> list[tuple[int, str, dict[str, object]]]:
    previous, chain = ROOT_OF_NOTHING, []
    for seq in range(1, length + 1):
        facts: dict[str, object] = {"seq": seq, "value_e4": seq * 10_000, "aspect": "B1"}
        previous = next_hash(previous, facts)
        chain.append((seq, previous, facts))
    return chain


FACTS = st.dictionaries(
    st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1),
    st.none() | st.text() | st.integers(-(2**53) + 1, 2**53 - 1),
)


class TestChain:
    @given(FACTS)
    def test_the_bytes_are_those_of_rfc_8785(self, facts: dict[str, Any]) -> None:
        expected = sha256(bytes(32) + rfc8785.dumps(facts)).hexdigest()

        assert next_hash(ROOT_OF_NOTHING, facts) == expected

    def test_an_untouched_chain_holds(self) -> None:
        assert first_break(a_chain(5)) is None

    @given(st.integers(1, 8), st.integers(0, 99_999))
    def test_finds_any_changed_value(self, seq: int, value_e4: int) -> None:
        chain = a_chain(8)
        old = chain[seq - 1][2]["value_e4"]
        chain[seq - 1][2]["value_e4"] = value_e4

        assert first_break(chain) == (None if value_e4 == old else Break(seq, "hash"))

    @given(st.integers(1, 7))
    def test_finds_a_removed_record(self, seq: int) -> None:
        chain = a_chain(8)
        del chain[seq - 1]

        assert first_break(chain) == Break(seq, "gap")
