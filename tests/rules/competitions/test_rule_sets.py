"""The presets: ready to use, and never edited once they were released."""

import pytest

from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import PRESETS, read_rule_set, starting_modules
from competitions.rules.scheme import digest
from tests.golden_files import Golden


class TestPresets:
    def test_keep_what_they_were_released_with(self, golden: Golden):
        lines = [
            f"{document['id']}/{document['version']} {digest(document)}"
            for _, document in PRESETS.values()
        ]

        golden("presets.txt", "\n".join(lines) + "\n")

    @pytest.mark.parametrize("code", PRESETS)
    def test_are_sound_and_named_by_their_code(self, code):
        rules = read_rule_set(PRESETS[code][1])

        assert isinstance(rules, RuleSet)
        assert rules.id == code

    def test_begin_a_scheme_with_theory_and_practice(self):
        found = {
            code: [(item.name, item.weight) for item in starting_modules(code)] for code in PRESETS
        }

        assert found["rural-national"] == [("理论", "20"), ("实操", "80")]
        assert found["theory-only"] == [("理论", "100")]
        assert found["worldskills"] == []
        assert starting_modules("own") == ()
