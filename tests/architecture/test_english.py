"""Chinese is the source; English is complete: every message has it, with the same blanks."""

import ast
import re
from collections import defaultdict
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web.locale import BY_NUMBER
from tests.architecture import tree

CATALOGUES = tree.ROOT / "app" / "web" / "locales" / "en"
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.loopcontrols",
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "heading": None,
    "pgettext": ((1, "c"), 2),
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
BLANK = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^}]*\}")


@cache
def messages() -> dict[str, str]:
    """Extract every message of the source: message to where it stands."""
    found: dict[str, str] = {}
    places: list[Any] = [(room, [("**.py", "python")], {}) for room in tree.ROOMS]
    places.append(("templates", [("**.html", "jinja2"), ("**.typ", "jinja2")], {"**": JINJA}))
    for folder, methods, options in places:
        for file, line, message, *_ in extract_from_dir(
            tree.ROOT / folder,
            methods,
            {pattern: JINJA for pattern, _ in methods} if options else {},
            KEYWORDS,
        ):
            for part in message if isinstance(message, tuple) else (message,):
                if part:
                    found.setdefault(part, f"{folder}/{file}:{line}")
    return found


@cache
def catalogues() -> dict[str, Catalog]:
    """Read the English catalogues, one an area."""
    found = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale="en", abort_invalid=True)
    return found


def uses() -> list[str | None]:
    """List what the catalogues tell words apart by: `heading`, `column`, `act` …, and none."""
    found = {item.context for catalogue in catalogues().values() for item in catalogue}
    return sorted(found, key=str)


def translations(context: str | None = None) -> dict[str, dict[str, str]]:
    """Gather the English of every message by area, as it is said in one use."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for area, catalogue in catalogues().items():
        for item in catalogue:
            if item.id and isinstance(item.id, str) and item.context == context:
                found[item.id][area] = str(item.string)
    return found


def blanks(text: str) -> set[str]:
    return {first or second for first, second in BLANK.findall(text)}


class TestEnglish:
    def test_is_there_for_every_message(self):
        english = translations()

        missing = {
            message: where
            for message, where in messages().items()
            if CHINESE.search(message) and not any(english.get(message, {}).values())
        }

        assert len(messages()) > 500
        assert missing == {}

    def test_leaves_the_same_blanks(self):
        different = {
            message: words
            for message, areas in translations().items()
            for words in areas.values()
            if words and blanks(message) != blanks(words)
        }

        assert different == {}

    @pytest.mark.parametrize("context", uses())
    def test_says_one_thing_in_every_area(self, context: str | None):
        several = {
            message: areas
            for message, areas in translations(context).items()
            if len(set(areas.values())) > 1
        }

        assert several == {}

    def test_keeps_nothing_that_nobody_says(self):
        idle = {
            message: list(areas)
            for use in uses()
            for message, areas in translations(use).items()
            if message not in messages()
        }

        assert idle == {}

    def test_is_english(self):
        chinese = {
            words
            for areas in translations().values()
            for words in areas.values()
            if CHINESE.search(words)
        }

        assert {words for words in chinese if "中文" not in words and "乡匠" not in words} == set()


class TestNumbers:
    """English has a singular: `{count} [count:entry is|entries are]`, see `app.web.locale`."""

    NUMBERS = "count|total|found|held|good|wrong|pending|trades|levels|kept|marks"
    PLURAL = re.compile(
        rf"(?:%\((?:{NUMBERS})\)s|{{(?:{NUMBERS})}})”? "
        r"(?!of |with |has |is )(?:[a-z-]+ ){0,2}?[a-z-]+s\b"
    )

    def test_every_plural_after_a_number_has_its_singular(self):
        plural = {
            words: areas
            for message in translations().values()
            for areas, words in message.items()
            if self.PLURAL.search(words)
        }

        assert plural == {}

    def test_words_go_by_a_number_that_the_message_has(self):
        strange = {
            words
            for message, areas in translations().items()
            for words in areas.values()
            for number, one, many in BY_NUMBER.findall(words)
            if number not in blanks(message) or one == many
        }

        assert strange == set()

    def test_only_numbered_words_stand_in_brackets(self):
        bare = {
            words
            for areas in translations().values()
            for words in areas.values()
            if "[" in BY_NUMBER.sub("", words)
        }

        assert bare == set()


class TestPartsOfSpeech:
    """A Chinese word may be an act and a column; its English is seldom the same for both."""

    WORD = r"""\b_\(["']([^"']+)["']\)"""
    COLUMN = re.compile(rf"<(?:th|dt)\b[^>]*>\s*{{{{ {WORD}")
    ACT = re.compile(
        rf"""(?:<button[^>]*>|<a class="button[^>]*>)\{{{{ {WORD}|f\.submit\({WORD}"""
        rf"""|f\.act\([^,]+,\s*{WORD}"""
    )
    BOTH = frozenset({"登记", "记录"})  # Register, Record: a noun and a verb

    def test_an_act_and_a_column_have_their_own_english(self):
        columns, acts = set[str](), set[str]()

        for path in (tree.ROOT / "templates").rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            columns.update(self.COLUMN.findall(text))
            acts.update(word for words in self.ACT.findall(text) for word in words if word)

        assert len(columns) > 150
        assert len(acts) > 100
        assert columns & acts - self.BOTH == set()


class TestChineseInCode:
    """Whoever answers a browser speaks through N_ or _, so that a page can turn English."""

    HOW = frozenset({"N_", "_", "gettext", "heading", "pgettext"})
    APART = ("app/main.py", "app/web/templating.py")  # the product's name; dates of either language

    def test_goes_through_the_catalogue(self):
        bare = [
            f"{tree.relative(path)}:{node.lineno} {str(node.value)[:20]}"
            for path in tree.sources()
            if any(name.split(".")[0] == "litestar" for name in tree.imports_of(path))
            and tree.relative(path) not in self.APART
            for node in self.bare_in(tree.parsed(path))
        ]

        assert bare == []

    def test_marks_what_refusals_say(self):
        bare = [
            f"{tree.relative(path)}:{node.lineno}"
            for path in tree.sources()
            for node in ast.walk(tree.parsed(path))
            if isinstance(node, ast.Assign | ast.AnnAssign)
            and getattr(node.targets[0] if isinstance(node, ast.Assign) else node.target, "id", "")
            == "says"
            and isinstance(node.value, ast.Constant | ast.JoinedStr)
        ]

        assert bare == []

    def test_marks_what_certificates_print(self):
        bare = [
            f"{tree.relative(path)}:{key.lineno} {key.value!r}"
            for path in tree.sources()
            for node in ast.walk(tree.parsed(path))
            for name, value in self.named(node)
            if name == "prints" and isinstance(value, ast.Dict)
            for key in value.keys
            if isinstance(key, ast.Constant)
        ]

        assert bare == []

    def named(self, node: ast.AST) -> list[tuple[str, ast.expr]]:
        """Return the values that a node gives to a name: as a variable or as an argument."""
        if isinstance(node, ast.Assign):
            return [(getattr(target, "id", ""), node.value) for target in node.targets]
        if isinstance(node, ast.Call):
            return [(keyword.arg or "", keyword.value) for keyword in node.keywords]
        return []

    def bare_in(self, module: ast.Module) -> list[ast.Constant]:
        """List Chinese string constants that are no docstring and in no call of gettext."""
        marked = {
            id(inner)
            for node in ast.walk(module)
            if isinstance(node, ast.Call)
            and (
                getattr(node.func, "id", "") in self.HOW
                or getattr(node.func, "attr", "") in self.HOW
            )
            for inner in ast.walk(node)
        }
        documented = {
            id(node.value)
            for node in ast.walk(module)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        return [
            node
            for node in ast.walk(module)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and CHINESE.search(node.value)
            and id(node) not in marked | documented
        ]
