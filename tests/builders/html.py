"""A page as a browser reads it: its links and ids, and what each form would send untouched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
UNSENT = {"button", "submit", "file", "image", "reset"}


@dataclass
class HtmlForm:
    """A form as it stands: where it goes, and what a browser would send of it."""

    method: str
    action: str
    confirms: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)

    def with_(self, **typed: str) -> dict[str, list[str]]:
        """Return what is sent after typing into some of its fields."""
        return self.fields | {name: [value] for name, value in typed.items()}


class HtmlPage(HTMLParser):
    """Collects links, ids, what refers to ids, and forms; what a template holds is not there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.referred: list[str] = []
        self.invalid: list[dict[str, str]] = []
        self.forms: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._area = ""
        self._templates = 0
        self.feed(text)

    def unexplained(self) -> list[str]:
        """List the fields that are wrong and refer to no sentence of theirs."""
        return [
            field.get("name", field.get("id", "?"))
            for field in self.invalid
            if not {name for name in field.get("aria-describedby", "").split() if "error" in name}
            & set(self.ids)
        ]

    def form(self, action: str, **holding: object) -> HtmlForm:
        """Return the one form that goes to an address, its query aside, and holds these values."""
        [found] = [
            item
            for item in self.forms
            if item.action.split("?")[0] == action
            and all(item.fields.get(name) == [str(value)] for name, value in holding.items())
        ]
        return found

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._templates += tag == "template"
        if self._templates:
            return
        known = {name: value or "" for name, value in attrs}
        self.ids += [known["id"]] if "id" in known else []
        self.referred += _referred(known)
        self.invalid += [known] if known.get("aria-invalid") == "true" else []
        if tag == "a":
            self.links.append(known)
        elif tag == "form":
            method = known.get("method", "get").lower()
            self._form = HtmlForm(method, known.get("action", ""), known.get("data-confirm", ""))
            self.forms.append(self._form)
        elif tag == "option":
            self._options.append((known.get("value", ""), "selected" in known))
        elif self._form is not None and known.get("name"):
            self._field(tag, known)

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area].append(data)

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "select" and self._form is not None and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            self._form.fields[self._select] = chosen or [v for v, _ in self._options[:1]]
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._form = None

    def _field(self, tag: str, known: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = known["name"], known.get("type", "text")
        if tag == "select":
            self._select, self._options = name, []
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = []
        elif tag == "input" and kind not in UNSENT:
            is_box = kind in {"checkbox", "radio"}
            if not is_box or "checked" in known:
                value = known.get("value", "on" if is_box else "")
                self._form.fields.setdefault(name, []).append(value)


def _referred(known: dict[str, str]) -> Iterator[str]:
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        yield from known.get(name, "").split()
    if known.get("href", "").startswith("#") and known["href"] != "#":
        yield known["href"][1:]
