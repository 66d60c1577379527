"""How a measured value becomes points, in words of both languages, and the numbers in them."""

import pytest

from competitions.planning.calculations import WrongCalculation, calculation_of
from competitions.planning.numerals import plain


class TestCalculation:
    @pytest.mark.parametrize(
        ("chinese", "english"),
        [
            ("是否", "Yes/no"),
            ("每错扣 0.25", "each error 0.25"),
            ("标准 100：±0.5 得 2；±1 得 1", "nominal 100: ±0.5 gives 2; ±1 gives 1"),
        ],
    )
    def test_reads_both_languages_alike(self, chinese, english):
        assert calculation_of(chinese) is not None
        assert calculation_of(english) == calculation_of(chinese)

    def test_reads_full_width_signs(self):
        assert calculation_of("标准　１００：±０．５得２") == calculation_of("标准 100:±0.5得2")

    @pytest.mark.parametrize("text", ["perhaps 2", "每错扣 0.2⑤", "标准 10²：±1 得 1"])
    def test_refuses_other_words(self, text):
        with pytest.raises(WrongCalculation):
            calculation_of(text)


class TestNumeral:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [("０．５０ 分", "0.5"), ("1,5", "1.5"), ("9.5①", ""), ("8²", ""), ("½", "")],
    )
    def test_is_read_as_it_was_typed_or_not_at_all(self, typed, number):
        assert plain(typed) == number
