"""Values an aspect takes, and when a sheet is complete."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.mark_sheet import (
    AspectKind,
    Control,
    FormUnfit,
    MarkState,
    SchemeName,
    SheetAspect,
    SheetForm,
    code_order,
    decimal_text,
    e4,
    fault_of,
    fraction,
    is_revealed,
    needed_aspects,
    open_aspects,
    refuse_unfit_form,
    spread_e4,
    unfit_aspects,
)

MARKED = MarkState.MARKED


def an_aspect(
    kind: AspectKind = AspectKind.POINTS,
    *,
    name: str = "B1",
    calculation: Mapping[str, Any] | None = None,
    zeroes: tuple[str, ...] = (),
) -> SheetAspect:
    highest = None if kind is AspectKind.GATE else "10"
    return SheetAspect(
        id=name, kind=kind, title="尺寸", max=highest, calculation=calculation, zeroes=zeroes
    )


def a_form(*aspects: SheetAspect) -> SheetForm:
    return SheetForm(title="模块B", scheme=SchemeName("砌筑", 1, "0" * 64), aspects=aspects)


class TestDecimals:
    @given(st.integers(-999_999_999_999, 999_999_999_999))
    def test_text_and_stored_value_are_the_same_number(self, value_e4: int) -> None:
        assert e4(decimal_text(value_e4)) == value_e4

    @pytest.mark.parametrize(
        "text", ["", "1.23456", "1e3", "１", ".5", "5.", "+1", "1,5", "123456789", "NaN"]
    )
    def test_anything_finer_or_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - the text is the message
            e4(text)

    def test_a_value_is_an_exact_fraction(self) -> None:
        assert fraction(e4("0.3")) == Fraction(3, 10)


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "calculation", "text", "fault"),
        [
            (AspectKind.POINTS, None, "10", ""),
            (AspectKind.POINTS, None, "10.01", "above_range"),
            (AspectKind.POINTS, None, "-0.5", "below_range"),
            (AspectKind.POINTS, None, "1.125", "too_fine"),
            (AspectKind.JUDGEMENT, None, "3", ""),
            (AspectKind.JUDGEMENT, None, "4", "above_range"),
            (AspectKind.JUDGEMENT, None, "2.5", "too_fine"),
            (AspectKind.GATE, None, "1", ""),
            (AspectKind.MEASUREMENT, {"kind": "yes_no"}, "2", "above_range"),
            (AspectKind.MEASUREMENT, {"kind": "deduct", "per_error": "1"}, "40", ""),
            (AspectKind.MEASUREMENT, {"kind": "bands"}, "-12.5", ""),
        ],
    )
    def test_a_value_fits_its_aspect_or_says_why_not(
        self, kind: AspectKind, calculation: Mapping[str, Any] | None, text: str, fault: str
    ) -> None:
        assert fault_of(an_aspect(kind, calculation=calculation), MARKED, e4(text)) == fault

    def test_missing_is_for_panels_and_judgements(self) -> None:
        assert fault_of(an_aspect(AspectKind.PANEL), MarkState.MISSING, None) == ""
        assert (
            fault_of(an_aspect(AspectKind.POINTS), MarkState.MISSING, None) == "missing_not_allowed"
        )

    def test_not_attempted_is_for_any_kind_and_carries_no_value(self) -> None:
        assert fault_of(an_aspect(), MarkState.NOT_ATTEMPTED, None) == ""
        assert fault_of(an_aspect(), MarkState.NOT_ATTEMPTED, 0) == "value_without_mark"
        assert fault_of(an_aspect(), MARKED, None) == "value_needed"


class TestControls:
    @pytest.mark.parametrize(
        ("kind", "calculation", "control"),
        [
            (AspectKind.POINTS, None, Control.NUMBER),
            (AspectKind.PANEL, None, Control.NUMBER),
            (AspectKind.JUDGEMENT, None, Control.SCALE),
            (AspectKind.GATE, None, Control.YES_NO),
            (AspectKind.MEASUREMENT, {"kind": "yes_no"}, Control.YES_NO),
            (AspectKind.MEASUREMENT, {"kind": "deduct"}, Control.COUNT),
            (AspectKind.MEASUREMENT, {"kind": "bands"}, Control.NUMBER),
        ],
    )
    def test_each_kind_has_its_control(
        self, kind: AspectKind, calculation: Mapping[str, Any] | None, control: Control
    ) -> None:
        assert an_aspect(kind, calculation=calculation).control is control


class TestCompleteness:
    def test_an_aspect_without_a_mark_is_open(self) -> None:
        form = a_form(an_aspect(name="B1"), an_aspect(name="B2"), an_aspect(name="B3"))
        marked = {"B1": (MARKED, 0), "B2": (MarkState.CLEARED, None)}

        assert open_aspects(form, marked) == ("B2", "B3")

    def test_a_failed_gate_frees_what_it_zeroes(self) -> None:
        form = a_form(
            an_aspect(AspectKind.GATE, name="G", zeroes=("B2",)),
            an_aspect(name="B1"),
            an_aspect(name="B2"),
        )

        assert needed_aspects(form, {"G": 0}) == ("G", "B1")
        assert needed_aspects(form, {"G": 10_000}) == ("G", "B1", "B2")

    def test_not_attempted_is_an_answer(self) -> None:
        assert open_aspects(a_form(an_aspect()), {"B1": (MarkState.NOT_ATTEMPTED, None)}) == ()


class TestJudgement:
    def test_scores_stay_hidden_until_every_seat_has_given_one(self) -> None:
        seats = ("J1", "J2", "J3")
        given = {"J1": (MARKED, 10_000), "J2": (MARKED, 30_000)}

        assert not is_revealed(given, seats)
        assert not is_revealed(given | {"J3": (MarkState.CLEARED, None)}, seats)
        assert is_revealed(given | {"J3": (MarkState.MISSING, None)}, seats)
        assert not is_revealed({}, ())

    def test_the_spread_is_between_the_values_given(self) -> None:
        assert (
            spread_e4(
                {"J1": (MARKED, 10_000), "J2": (MARKED, 30_000), "J3": (MarkState.MISSING, None)}
            )
            == 20_000
        )
        assert spread_e4({}) == 0


class TestForms:
    @pytest.mark.parametrize(
        "form",
        [
            a_form(),
            a_form(an_aspect(), an_aspect()),
            a_form(SheetAspect(id="B1", kind=AspectKind.POINTS, title="x")),
            a_form(SheetAspect(id="B1", kind=AspectKind.POINTS, title="x", max="0")),
        ],
    )
    def test_a_form_that_cannot_be_marked_on_is_refused(self, form: SheetForm) -> None:
        with pytest.raises(FormUnfit):
            refuse_unfit_form(form)

    def test_a_form_knows_its_aspects(self) -> None:
        form = a_form(an_aspect())

        refuse_unfit_form(form)

        assert form.aspect("B1") is not None
        assert form.aspect("B9") is None

    def test_a_form_knows_what_is_judged(self) -> None:
        judged = [an_aspect(AspectKind.JUDGEMENT, name=name) for name in ("B3", "B1")]

        assert a_form(judged[0], an_aspect(), judged[1]).judgements == ("B3", "B1")

    def test_a_form_knows_what_bears_on_judgements(self) -> None:
        gate = an_aspect(AspectKind.GATE, name="G", zeroes=("B3",))
        form = a_form(an_aspect(AspectKind.JUDGEMENT, name="B3"), an_aspect(), gate)

        assert [form.zeroed_by(name) for name in ("G", "B1", "B9")] == [("B3",), (), ()]
        assert [form.bears_on_judgements(name) for name in ("B3", "G", "B1")] == [True, True, False]


class TestMarksOnAnotherForm:
    def test_are_unfit_where_the_form_would_refuse_them(self):
        name = SchemeName("砌筑", 2, "ab" * 32)
        form = SheetForm("砌筑", name, (an_aspect(name="B1"), an_aspect(name="B2")))
        marked = {
            "B1": (MARKED, e4("10.5")),
            "B2": (MARKED, e4("10")),
            "B3": (MARKED, e4("99")),
        }

        assert unfit_aspects(form, marked) == {"B1": "above_range"}
        assert unfit_aspects(form, {}) == {}


class TestOrderOfCodes:
    @given(st.lists(st.integers(1, 2000), unique=True))
    def test_is_that_of_numbers_without_leading_zeros(self, numbers):
        assert sorted(map(str, numbers), key=code_order) == list(map(str, sorted(numbers)))

    def test_keeps_letters_in_theirs(self):
        assert sorted(["J10", "J2", "020", "003"], key=code_order) == ["J2", "003", "020", "J10"]
