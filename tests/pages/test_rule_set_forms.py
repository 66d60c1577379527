"""The editor's form: from a document and back, and what is wrong at its field."""

import pytest

from app.web.forms import Form
from competitions.planning.rule_set_forms import (
    ROUNDINGS,
    RuleSetForm,
    document_of,
    rounding_choices,
    rules_of,
    values_of,
)
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import COUNTY, NATIONAL, PRESETS


class TestTheForm:
    @pytest.mark.parametrize("code", PRESETS)
    def test_gives_back_every_preset_to_the_letter(self, code):
        document = PRESETS[code][1]
        form = Form(RuleSetForm, values_of(document, name="-"))
        form.check()

        assert form.errors == {}
        assert document_of(form, code=code, number=document["version"]) == document

    def test_gives_back_every_kind_of_tie_key_and_condition(self):
        keys = [
            {"key": "time", "order": "ascending", "module": "B"},
            {"key": "aspect", "order": "descending", "aspect": "B3"},
            {"key": "deductions", "order": "ascending"},
        ]
        tier = {"label": "奖", "basis": "rank", "to": 3, "min_score": "60.5", "field_at_least": 6}
        document = NATIONAL | {
            "ranking": {"by": "total", "tie_break": keys, "ties": "forbidden"},
            "awards": {"kind": "tiers", "tiers": [tier]},
            "total": {"round": {"decimals": 7, "mode": "down"}},
        }
        form = Form(RuleSetForm, values_of(document, name="-"))
        form.check()

        assert document_of(form, code="rural-national", number=1) == document
        assert rounding_choices([form.value("total_round")]) == [*ROUNDINGS, "down:7"]

    @pytest.mark.parametrize(
        ("field", "value", "wrong"),
        [
            ("panel_drop_highest", "x", "panel_drop_highest"),
            ("panel_min_remaining", "0", "panel_min_remaining"),
            ("total_round", "half_up:99", "total_round"),
            ("total_round", "guess", "total_round"),
            ("scale_kind", "guess", "scale_kind"),
            ("ranking_by", "scale", "ranking_by"),
            ("tier_to", ["1", "x", "3", "1/2"], "tier_to-1"),
            ("tier_to", ["1", "2", "3", "5/2"], "tier_to-3"),
            ("tier_label", ["", "银", "铜", "优"], "tier_label-0"),
            ("tier_basis", ["rank", "guess", "rank", "rank"], "tier_basis-1"),
            ("tier_field", ["-1", "", "", ""], "tier_field-0"),
            ("tier_min_score", ["1e9", "", "", ""], "tier_min_score-0"),
            ("awards_kind", "guess", "awards_kind"),
        ],
    )
    def test_says_what_is_wrong_at_its_field(self, field, value, wrong):
        form = Form(RuleSetForm, values_of(NATIONAL, name="-") | {field: value})
        form.check()

        assert rules_of(form) is None
        assert wrong in form.errors

    def test_says_everything_that_is_wrong_at_once(self):
        typed = {"name": "", "panel_drop_lowest": "", "tier_to": ["1", "x", "3", "0/2"]}
        form = Form(RuleSetForm, values_of(NATIONAL, name="-") | typed)
        form.check()

        assert rules_of(form) is None
        assert set(form.errors) == {"name", "panel_drop_lowest", "tier_to-1"}

    def test_says_which_tie_key_names_nothing(self):
        row = {"tie_key": ["module"], "tie_name": [""], "tie_order": ["descending"]}
        form = Form(RuleSetForm, values_of(NATIONAL, name="-") | row)
        form.check()

        assert rules_of(form) is None
        assert list(form.errors) == ["tie_name-0"]

    def test_reads_into_a_rule_set(self):
        form = Form(RuleSetForm, values_of(COUNTY, name="-"))
        form.check()

        assert isinstance(rules_of(form), RuleSet)
