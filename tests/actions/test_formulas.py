"""Formulas of a spreadsheet are worked out exactly, or not at all."""

import time
from fractions import Fraction

import pytest

from app.documents.formula_functions import NotComputable
from app.documents.formulas import Formulas

TEXTS = {"A1": "2", "A2": "0,5", "A3": "", "B1": "x", "B2": "M", "B3": " m "}


def value(formula: str, **others: str) -> Fraction:
    cells = {"Z1": formula, "Y1": "=1/A3", **others}
    return Formulas(cells, lambda cell: TEXTS.get(cell, ""), name="own").value("Z1")


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
            ("=1 / ( 2 * ( 3 - 1 ) )", Fraction(1, 4)),
            ("=50%*A1", 1),
            ("=Own!A1+'Own'!$A$2", Fraction(5, 2)),
            ("=IF(A1>1,3,4)", 3),
            ("=IF(A3=0,0,1/A3)", 0),
            ("=IF(A1<>2,1/0,IF(A2<=0.5,7,1/0))", 7),
            ("=IF(1=2,5)", 0),
            ('=IF(A3="",6,1)', 6),
            ('=IF(B2="m",1,2)', 1),
            ("=IF(B2>99999,1,2)", 1),
            ("=IF(AND(A1=2,NOT(OR(FALSE,A2>1))),8,9)", 8),
            ("=IF(TRUE, (1+2)*(3), SUM(A1,(2)))", 9),
            ("=IFERROR(1/A3,5)", 5),
            ("=IFERROR(1/A1,5)", Fraction(1, 2)),
            ("=_xlfn.IFERROR(Y1,5)", 5),
            ("=MIN(A1:B1,1)+MAX(A1;A2)+ABS(-3)", 6),
            ("=AVERAGE(A1:A3)", Fraction(5, 4)),
            ("=COUNT(A1:B3)", 2),
            ("=PRODUCT(A1:A2,3)", 3),
            ("=SUM(A1:B3)", Fraction(5, 2)),
            ("=ROUND(2.345,2)", Fraction(235, 100)),
            ("=ROUND(-2.345,2)", Fraction(-235, 100)),
            ("=ROUNDUP(2.301,2)", Fraction(231, 100)),
            ("=ROUNDDOWN(2.309,2)", Fraction(23, 10)),
            ("=TRUNC(-2.7,0)", -2),
            ("=INT(-2.5)", -3),
            ('=SUMIF(B1:B3,"M",A1:A3)', Fraction(1, 2)),
            ('=SUMIF(A1:A3,">0,5")', 2),
            ("=SUMIF(A1:A3,A1)", 2),
            ('=SUMIF(B1:B3,"<>M",A1:A3)', 2),
            ('=COUNTIF(B1:B3,"m")', 2),
            ('=COUNTIF(A1:A3,">=0.5")', 2),
            ("=SUMPRODUCT(A1:A2,A1:A2)", Fraction(17, 4)),
            ("=MIN(A3:A3)+MAX(B1:B1)", 0),
        ],
    )
    def test_are_worked_out(self, formula: str, found: Fraction) -> None:
        assert value(formula) == found

    @pytest.mark.parametrize(
        "formula",
        [
            "=VLOOKUP(1,2)", "=1/0", "=B1", "=Sheet2!A1", "=A1:A2", "=1+", "=(1", "=1)", "=SUM(",
            "=SUM(A1:ZZ9999999)", '=""', "=Z1", "=ROUND(1)", "=ROUND(1,A2)", "", "=A1:A2+1",
            "=1^2", "=A:A", "=1=", "=IF(1)", "=IF(1,2", "=IF(,2,3)", "=IF(1,2,3,4)",
            "=IFERROR(1)", "=IFERROR(B1,1)", "=ABS(A1:A2)", "=ABS()", "=ROUND(1,-1)",
            "=ROUND(A1:A2,1)", "=SUMIF(A1,1)", "=SUMIF(A1:A2,1,A1:A3)", "=COUNTIF(1)",
            "=SUMIF(A1:A2,A1:A2)", '=SUMIF(A1:A2,"1*")', "=SUMPRODUCT(1)",
            "=SUMPRODUCT(A1:A2,A1:A3)", "=AVERAGE(A3:A3)", "=Info!A1", "='x''y'!A1:A2",
            "=SUM('x'!A1:A2)", '="3"&"4"', "=#REF!", "=LOG10(1)", '=1+"x"', "=NA()",
            "=" + "1+" * 600, "=" + "(" * 200 + "1" + ")" * 200,
        ],
    )  # fmt: skip
    def test_say_where_they_are_not(self, formula: str) -> None:
        with pytest.raises(NotComputable):
            value(formula)

    def test_follow_other_formulas_but_not_in_circles(self) -> None:
        assert value("=Y1*2", Y1="=A1+1") == 6
        with pytest.raises(NotComputable):
            value("=Y1", Y1="=Z1")

    def test_add_up_long_columns_again_and_again_but_not_for_ever(self) -> None:
        few = {f"C{n}": "=SUM(A1:B200)" for n in range(1, 201)}
        many = {f"C{n}": "=SUM(A1:J1999)" for n in range(1, 201)}

        assert value("=SUM(C1:C200)", **few) == 500
        with pytest.raises(NotComputable):
            value("=SUM(C1:C200)", **many)

    def test_do_not_follow_for_ever(self) -> None:
        chain = {f"C{n}": f"=C{n + 1}+" + "-" * 400 + "1" for n in range(1, 60)}

        with pytest.raises(NotComputable):
            value("=C1", **chain)

    @pytest.mark.parametrize(
        "square",
        [
            "=C{0}*C{0}", "=PRODUCT(C{0},C{0})", "=PRODUCT(C{0}:C{0},C{0}:C{0})",
            "=SUMPRODUCT(C{0}:C{0},C{0}:C{0})", "=SUM(C{0}/(1/C{0}))", "=AVERAGE(C{0}*C{0})",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("first", ["=3", "=1/3"])
    def test_do_not_let_numbers_grow_without_bounds(self, square: str, first: str) -> None:
        chain = {f"C{n}": square.format(n + 1) for n in range(1, 39)} | {"C39": first}

        began = time.process_time()
        with pytest.raises(NotComputable) as refused:
            value("=C1", **chain)

        assert "太大或太细" in refused.value.says
        assert time.process_time() - began < 1

    def test_do_not_let_one_formula_grow_without_bounds(self) -> None:
        fractions = {f"C{n}": f"=1/{10**11 + n}" for n in range(1, 1001)}
        for formula in ("=SUM(C1:C1000)", "=AVERAGE(C1:C1000)", "=PRODUCT(C1:C1000)"):
            with pytest.raises(NotComputable):
                value(formula, **fractions)

        assert value("=SUMPRODUCT(C1:C3,C1:C3)/SUMPRODUCT(C1:C3,C1:C3)", **fractions) == 1
        with pytest.raises(NotComputable):
            value("=" + "9" * 900)
