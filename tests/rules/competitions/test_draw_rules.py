"""Blind codes: a bijection, drawn again by anyone from the list and the seed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules import blind_codes

KEYS = st.lists(st.integers(1, 10**6).map(str), min_size=1, max_size=60, unique=True)


class TestDraw:
    @given(keys=KEYS, seed=st.text(max_size=20), level=st.integers(1, 3))
    def test_gives_each_key_its_own_code(self, keys, seed, level):
        codes = blind_codes.draw(keys, seed, level)

        assert set(codes) == set(keys)
        assert len(set(codes.values())) == len(keys)

    @given(keys=KEYS, seed=st.text(max_size=20))
    def test_does_not_depend_on_the_order_of_the_list(self, keys, seed):
        assert blind_codes.draw(keys, seed) == blind_codes.draw(sorted(keys), seed)

    def test_uses_every_number_from_one_on(self):
        codes = blind_codes.draw([str(key) for key in range(7)], "seed")

        assert sorted(codes.values()) == ["001", "002", "003", "004", "005", "006", "007"]

    def test_depends_on_the_seed(self):
        keys = [str(key) for key in range(40)]

        assert blind_codes.draw(keys, "one") != blind_codes.draw(keys, "two")

    def test_can_be_followed_by_hand_as_the_record_says(self):
        keys, seed = ["12", "7", "33"], "5eed"
        fixed = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
        order = sorted(
            keys, key=lambda key: hashlib.sha256(f"{seed}\n{fixed}\n{key}".encode()).hexdigest()
        )

        codes = blind_codes.draw(keys, seed)

        assert [codes[key] for key in order] == ["001", "002", "003"]

    def test_refuses_a_list_in_which_one_stands_twice(self):
        with pytest.raises(ValueError, match="twice"):
            blind_codes.draw(["1", "1"], "seed")

    def test_never_writes_two_levels_alike(self):
        written = [{blind_codes.code(n, 30, level) for n in range(1, 31)} for level in (1, 2, 3)]

        assert not written[0] & written[1] | written[1] & written[2] | written[0] & written[2]

    def test_widens_codes_for_a_large_field(self):
        assert blind_codes.code(7, 12_000, 1) == "00007"


class TestSeed:
    def test_mixes_in_what_the_witnesses_said(self):
        assert blind_codes.mixed("5eed", "  3 8   1 ") == "5eed:3 8 1"
        assert blind_codes.mixed("5eed", " ") == "5eed"

    def test_is_committed_to_by_its_hash(self):
        assert blind_codes.seed_hash("5eed") == hashlib.sha256(b"5eed").hexdigest()

    def test_fixes_the_list_whatever_its_order(self):
        assert blind_codes.list_hash(["2", "1"]) == blind_codes.list_hash(["1", "2"])
