"""Every template: title, form tokens, nothing from outside, no bare Chinese, nothing missing."""

import ast
import re
from functools import cache

import pytest
from jinja2 import meta, nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from app.web import csrf, templating
from tests.architecture import tree

FOLDER = tree.ROOT / "templates"
NAMES = tuple(sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html")))
ENV = templating.environment()
CHINESE = re.compile(r"[\u3400-\u9fff]")
LOADED_FROM_OUTSIDE = re.compile(
    r"""(?:\bsrc|\bsrcset|\bposter|\bdata|<link\b[^>]*\bhref|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""",
    re.IGNORECASE,
)
REFERENCES = (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
WITHOUT_PLACE = re.compile(r'href="\?|<form\b(?![^>]*\baction=)[^>]*\bmethod="(?:get|post)"')
POST_FORM = re.compile(
    r"<form\b[^>]*\bmethod\s*=\s*[\"']?post\b.*?</form>", re.IGNORECASE | re.DOTALL
)

FOR_NOBODY = re.compile(rf'[^>]*\baction="(?:{"|".join(csrf.EXEMPT_PREFIXES)})').match


def source_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def parsed(name: str) -> nodes.Template:
    return ENV.parse(source_of(name))


def parents_of(name: str) -> list[str]:
    """List the layouts that a template extends, nearest first."""
    found = parsed(name).find(nodes.Extends)
    if not found or not isinstance(found.template, nodes.Const):
        return []
    return [found.template.value, *parents_of(found.template.value)]


def is_page(name: str) -> bool:
    return "{% extends" in source_of(name) and not name.startswith(("layouts/", "components/"))


PAGES = tuple(name for name in NAMES if is_page(name))


@cache
def common_context() -> frozenset[str]:
    """Read from the source what every page is given."""
    path = tree.ROOT / "app" / "web" / "templating.py"
    function = next(f for f in tree.functions(path) if f.name == "create_template_context")
    given = next(node for node in ast.walk(function) if isinstance(node, ast.Return)).value
    assert isinstance(given, ast.Dict)
    keys = {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}
    return frozenset(keys | set(ENV.globals) | set(DEFAULT_NAMESPACE) | {"self", "super", "caller"})


def whole_of(name: str) -> set[str]:
    """Name a template and all that share its context."""
    found, waiting = set(), [name]
    while waiting:
        current = waiting.pop()
        if current in found or current not in NAMES:
            continue
        found.add(current)
        for node in parsed(current).find_all(REFERENCES):
            with_context = isinstance(node, nodes.Extends) or getattr(node, "with_context", False)
            template = getattr(node, "template", None)
            if with_context and isinstance(template, nodes.Const):
                waiting.append(template.value)
    return found


def set_in(names: set[str]) -> set[str]:
    """List what templates set themselves: loops, `set`, macros and imports."""
    found: set[str] = set()
    for tree_of in map(parsed, names):
        found |= {n.name for n in tree_of.find_all(nodes.Name) if n.ctx in {"store", "param"}}
        found |= {macro.name for macro in tree_of.find_all(nodes.Macro)}
        found |= {item.target for item in tree_of.find_all(nodes.Import)}
        for item in tree_of.find_all(nodes.FromImport):
            found |= {name if isinstance(name, str) else name[1] for name in item.names}
    return found


def guarded_in(name: str) -> set[str]:
    """List the variables whose absence a template expects: `x is defined`, `x | default(…)`."""
    tests = (
        t.node for t in parsed(name).find_all(nodes.Test) if t.name in {"defined", "undefined"}
    )
    filters = (f.node for f in parsed(name).find_all(nodes.Filter) if f.name in {"default", "d"})
    return {node.name for node in (*tests, *filters) if isinstance(node, nodes.Name)}


def page_calls() -> list[tuple[str, str, frozenset[str]]]:
    """List every `page("x.html", a=…)` of the source whose context is written out."""
    found = []
    for path in tree.sources():
        for node in ast.walk(tree.parsed(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            first = node.args[0]
            if called != "page" or not isinstance(first, ast.Constant):
                continue
            if any(keyword.arg is None for keyword in node.keywords):
                continue
            where = f"{tree.relative(path)}:{node.lineno}"
            given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
            found.append((where, str(first.value), given))
    return found


class TestTemplates:
    @pytest.mark.parametrize("name", NAMES)
    def test_compiles(self, name):
        ENV.get_template(name)

    @pytest.mark.parametrize("name", PAGES)
    def test_has_a_title(self, name):
        titled = [t for t in (name, *parents_of(name)) if "block title" in source_of(t)]

        assert titled
        assert titled[0] == name or "_(" in source_of(titled[0])

    @pytest.mark.parametrize("name", NAMES)
    def test_carries_a_token_in_every_form_that_posts_for_somebody(self, name):
        forms = POST_FORM.findall(source_of(name))
        bare = [form[:80] for form in forms if "csrf_input" not in form and not FOR_NOBODY(form)]

        assert bare == []

    @pytest.mark.parametrize("name", NAMES)
    def test_says_where_each_form_and_filter_leads(self, name):
        """Where a page answers a refused form, its own address takes nothing but that form."""
        found = WITHOUT_PLACE.findall(source_of(name))

        assert found == [] or name == "layouts/tablet.html"  # whose pages take no form

    @pytest.mark.parametrize("name", NAMES)
    def test_loads_nothing_from_outside(self, name):
        assert not LOADED_FROM_OUTSIDE.search(source_of(name))

    @pytest.mark.parametrize("name", NAMES)
    def test_runs_no_script_inside_a_tag(self, name):
        assert not INLINE_HANDLER.search(source_of(name))

    @pytest.mark.parametrize("name", NAMES)
    def test_speaks_through_the_catalogue(self, name):
        bare = [
            data.data.strip()[:40]
            for data in parsed(name).find_all(nodes.TemplateData)
            if CHINESE.search(re.sub(r"<!--.*?-->|>中文<", "", data.data, flags=re.DOTALL))
        ]

        assert bare == []

    def test_is_given_every_variable_it_uses(self):
        missing = {
            where: sorted(lacking)
            for where, name, given in page_calls()
            if (
                lacking := {
                    variable
                    for part in whole_of(name)
                    for variable in meta.find_undeclared_variables(parsed(part)) - guarded_in(part)
                }
                - common_context()
                - given
                - set_in(whole_of(name))
            )
        }

        assert missing == {}

    def test_is_used(self):
        used = {name for _, name, _ in page_calls()}
        text = "\n".join(
            [
                *(p.read_text(encoding="utf-8") for p in tree.sources()),
                *(source_of(n) for n in NAMES),
            ]
        )

        idle = [name for name in NAMES if name not in used and f'"{name}"' not in text]

        assert idle == []


class TestStaticFiles:
    @pytest.mark.parametrize(
        "path",
        [
            path
            for path in sorted((tree.ROOT / "app" / "web" / "static").rglob("*"))
            if path.suffix in {".css", ".js", ".svg"} and "vendor" not in path.parts
        ],
        ids=tree.relative,
    )
    def test_load_nothing_from_outside(self, path):
        text = re.sub(r"http://www\.w3\.org/\S*", "", path.read_text(encoding="utf-8"))

        assert not re.search(r"(?:@import|url\(|from\s+|import\()\s*[\"'(]?(?:https?:)?//", text)
        assert not LOADED_FROM_OUTSIDE.search(text)


class TestForReaders:
    """What is told by a line through, a place or a colour is told in the markup too."""

    STOREYED = re.compile(r"<thead>(?:(?!</thead>).)*\browspan=.*?</thead>", re.DOTALL)
    CELL = re.compile(r"<th\b[^>]*>")

    @pytest.mark.parametrize("name", NAMES)
    def test_a_head_of_two_storeys_says_what_each_cell_heads(self, name: str):
        heads = self.STOREYED.findall(source_of(name))

        assert [
            cell for head in heads for cell in self.CELL.findall(head) if "scope=" not in cell
        ] == []

    @pytest.mark.parametrize("name", NAMES)
    def test_what_stood_before_is_marked_as_taken_out(self, name: str):
        assert '<span class="before"' not in source_of(name)

    def test_the_state_of_a_step_is_never_kept_from_screen_readers(self):
        css = (tree.ROOT / "app" / "web" / "static" / "house.css").read_text(encoding="utf-8")

        assert re.findall(r"[^{}]*\.state[^{}]*\{[^}]*display:\s*none[^}]*\}", css) == []
