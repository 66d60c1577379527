"""What a template says: translated, its blanks filled and escaped, a per cent sign itself."""

import pytest

from app.web.templating import environment


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{ _("考核比重（%）") }}', "考核比重（%）"),
        ('{{ _("合计 100%。") }}', "合计 100%。"),
        ("{% trans %}合计 100%。{% endtrans %}", "合计 100%。"),
        ('{% trans part="<b>" %}{{ part }} 占 10%{% endtrans %}', "&lt;b&gt; 占 10%"),
        ("{{ _(word) }}", "10%（甲）"),
        ('{{ _("%(name)s 合格", name=name) }}', "&lt;i&gt; 合格"),
    ],
)
def test_a_message_is_said(template: str, text: str) -> None:
    said = environment().from_string(template).render(word="10%（甲）", name="<i>")

    assert said == text
