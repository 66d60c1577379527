"""Verification IDs: 80 bits, their check character, and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import check_characters as ids
from app.rules.check_characters import WrongIdCheck, WrongVerificationId
from app.rules.widths import FULL_WIDTH

RAW = st.binary(min_size=10, max_size=10)


class TestCheckCharacter:
    def test_agrees_with_the_example_of_the_standard_for_release_identifiers(self):
        assert ids.mod_37_36("A12425GABC1234002") == "M"

    @given(RAW, st.integers(0, 15), st.sampled_from(ids.CROCKFORD))
    def test_finds_every_single_wrong_character(self, raw, place, other):
        right = ids.id_of(raw)
        wrong = right[:place] + other + right[place + 1 :]

        assert (ids.mod_37_36(wrong) == ids.mod_37_36(right)) == (wrong == right)


WIDE = {narrow: wide for wide, narrow in FULL_WIDTH.items()}


class TestVerificationId:
    def test_is_looked_for_where_the_paper_prints_it(self):
        assert "印在证书二维码旁边" in WrongVerificationId.says

    @given(RAW)
    def test_gives_its_bytes_back(self, raw):
        assert ids.id_bytes(ids.id_of(raw)) == raw

    @given(RAW)
    def test_is_read_as_printed_and_as_typed(self, raw):
        verification_id = ids.id_of(raw)
        printed = ids.printed_id(verification_id)

        for typed in (
            printed,
            printed.lower(),
            printed[:-2],
            verification_id,
            f" {printed} ".replace("-", " "),
            f"\u3000{printed.translate(WIDE)}\u3000",
        ):
            assert ids.parse_id(typed) == verification_id

    def test_takes_the_letters_that_look_like_digits(self):
        assert ids.parse_id("OIL0000000000000") == "0110000000000000"

    @pytest.mark.parametrize(
        "typed", ["", "0123", "U123456789ABCDEF", "0123456789ABCDEF00", "验证码"]
    )
    def test_refuses_what_cannot_be_one(self, typed):
        with pytest.raises(WrongVerificationId):
            ids.parse_id(typed)

    def test_refuses_a_wrong_check_character(self):
        right = ids.mod_37_36("0123456789ABCDEF")
        wrong = "X" if right != "X" else "Y"

        with pytest.raises(WrongIdCheck):
            ids.parse_id("0123456789ABCDEF" + wrong)

    def test_refuses_another_number_of_bytes(self):
        with pytest.raises(ValueError, match="9"):
            ids.id_of(bytes(9))
