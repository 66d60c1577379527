"""Formulas of a spreadsheet are worked out exactly, or not at all."""

from fractions import Fraction

import pytest

from app.documents.formulas import Formulas, NotComputable

TEXTS = {"A1": "2", "A2": "0,5", "A3": "", "B1": "x"}


def value(formula: str, **others: str) -> Fraction:
    return Formulas({"Z1": formula, **others}, lambda cell: TEXTS.get(cell, "")).value("Z1")


class TestFormulas:
    @pytest.mark.parametrize(
        ("formula", "found"),
        [
            ("=1+2*3", 7),
            ("=(1+2)*3", 9),
            ("=-2--3", 1),
            ("=+A1", 2),
            ("=$A$1*A2", 1),
            ("=0.1+0.2", Fraction(3, 10)),
            ("=1/3", Fraction(1, 3)),
            ("=SUM(A1:A3)", Fraction(5, 2)),
            ("=sum(A1; A2, 1)", Fraction(7, 2)),
            ("=ROUND(2/3,2)", Fraction(67, 100)),
            ("=A3", 0),
            ("=" + "-" * 480 + "1", 1),
        ],
    )
    def test_are_worked_out(self, formula: str, found: Fraction) -> None:
        assert value(formula) == found

    @pytest.mark.parametrize(
        "formula",
        [
            "=VLOOKUP(1,2)", "=1/0", "=B1", "=Sheet2!A1", "=A1:A2", "=1+", "=(1", "=1)", "=SUM(",
            "=SUM(A1:ZZ9999999)", "=\"\"", "=Z1", "=ROUND(1)", "=ROUND(1,A2)", "", "=" + "1+" * 400,
            "=" + "(" * 200 + "1" + ")" * 200,
        ],
    )  # fmt: skip
    def test_say_where_they_are_not(self, formula: str) -> None:
        with pytest.raises(NotComputable):
            value(formula)

    def test_follow_other_formulas_but_not_in_circles(self) -> None:
        assert value("=Y1*2", Y1="=A1+1") == 6
        with pytest.raises(NotComputable):
            value("=Y1", Y1="=Z1")

    def test_do_not_follow_for_ever(self) -> None:
        chain = {f"C{n}": f"=C{n + 1}+" + "-" * 400 + "1" for n in range(1, 60)}

        with pytest.raises(NotComputable):
            value("=C1", **chain)
