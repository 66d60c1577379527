"""What a template says: translated, its blanks filled and escaped, a per cent sign itself."""

from collections.abc import Iterator

import pytest

from app.imports.actions import GoodRowsNotChosen
from app.web import locale
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


@pytest.fixture
def english() -> Iterator[None]:
    locale.use("en")
    yield
    locale.use("zh")


@pytest.mark.usefixtures("english")
class TestEnglishNumbers:
    @pytest.mark.parametrize(
        ("count", "said"), [(0, "0 entries"), (1, "1 entry"), ("1", "1 entry"), (2, "2 entries")]
    )
    def test_a_template_chooses_the_words(self, count: object, said: str):
        template = "{% trans count=count %}共 {{ count }} 个报名{% endtrans %}"

        assert environment().from_string(template).render(count=count) == said

    @pytest.mark.parametrize(
        ("count", "start"), [(1, "1 row has problems."), (3, "3 rows have problems.")]
    )
    def test_a_refusal_chooses_the_words(self, count: int, start: str):
        assert locale.sentence(GoodRowsNotChosen(count, 5)).startswith(start)
