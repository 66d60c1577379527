"""How a measured value becomes points is read in the words of both languages."""

import pytest

from competitions.planning.calculations import WrongCalculation, calculation_of


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

    def test_refuses_other_words(self):
        with pytest.raises(WrongCalculation):
            calculation_of("perhaps 2")
