"""The page of the editor, and the pieces of it that a proposal's page may hold as well."""

from typing import Any

from app.rules.actors import Actor
from app.web.forms import Form
from app.web.http import AnyResponse
from app.web.templating import page
from competitions.planning.rule_set_forms import (
    ROUNDED,
    RuleSetForm,
    rounding_choices,
    rules_of,
    unnamed,
)
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.planning.rule_set_rows import is_row_act, rearrange, typed_rows
from competitions.planning.rule_sets import BINDERS
from competitions.planning.wording import worded
from competitions.rules.rule_book import PLACE_MODES, rounding
from competitions.rules.rule_set import Rounding
from competitions.rules.rule_set_cautions import cautions_of
from competitions.rules.worked_example import default_marks, worked_example


def editor_page(
    form: Form[RuleSetForm],
    *,
    line: RuleSetLine | None = None,
    source: RuleSetLine | None = None,
    actor: Actor | None = None,
    status_code: int = 200,
) -> AnyResponse:
    """Show the editor: of a version, or of a new rule set that begins as a copy of `source`."""
    return page(
        "competitions/planning/rule_set_edit.html",
        line=line,
        source=source,
        may_change=line is not None and actor is not None and line.may_change(actor, BINDERS),
        status_code=status_code,
        **editor_of(form),
    )


def editor_of(form: Form[RuleSetForm]) -> dict[str, Any]:
    """Return what `rule_set_fields.html` needs: the form, its rows, its choices, its example."""
    examples = examples_of(form)
    return {
        "form": form,
        "roundings": [(word, worded(rounding(_rule(word)))) for word in _roundings(form)],
        "place_modes": PLACE_MODES,
        "tie_rows": typed_rows(form.values, "tie"),
        "tier_rows": typed_rows(form.values, "tier"),
        **examples,
    }


def examples_of(form: Form[RuleSetForm]) -> dict[str, Any]:
    """Return the worked example and the cautions of what is typed; None while it is wrong."""
    trial = unnamed(form)
    rules = rules_of(trial)
    if rules is None:
        return {"example": None, "cautions": [], "worded": worded, "sample": ""}
    marks = trial.data.try_marks or default_marks(rules)
    return {
        "example": worked_example(rules, marks=marks, field=trial.data.try_field),
        "cautions": cautions_of(rules),
        "worded": worded,
        "sample": marks,
    }


def is_trial(form: Form[RuleSetForm]) -> bool:
    """Tell whether the form was sent to see what it makes, not to be saved."""
    act = str(form.value("act"))
    return act in {"try", "shape"} or is_row_act(act)


def try_out(form: Form[RuleSetForm]) -> None:
    """Carry out a row's button; only 试算 names what is wrong yet."""
    act = str(form.value("act"))
    if act == "try":
        trial = unnamed(form)
        rules_of(trial)
        form.errors = trial.errors
        return
    form.errors.clear()
    if is_row_act(act):
        rearrange(form.values, act)


def _roundings(form: Form[RuleSetForm]) -> list[str]:
    return rounding_choices([str(form.value(f"{part}_round")) for part in ROUNDED])


def _rule(word: str) -> Any:
    mode, _colon, decimals = word.partition(":")
    return Rounding(int(decimals), mode) if decimals.isdigit() else "exact"  # type: ignore[arg-type]
