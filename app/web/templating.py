"""Jinja as this house uses it: strict, escaped, Chinese first, with what every page needs."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.datastructures import Cookie
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from markupsafe import Markup

from app.rules.actors import Duty
from app.web import cookies, csrf, locale
from app.web.clock import SHANGHAI
from app.web.guards import actor_of
from app.web.http import AnyRequest, query_of
from app.web.places import FIELD, SAFE_METHODS, Place, place_of

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
STATIC = Path(__file__).parent / "static"


class Page(Template):
    """A template with what every page of this house may use."""

    def create_template_context(self, request: AnyRequest) -> dict[str, Any]:
        """Add who asks, in which language, the toast of the last act, and the form token."""
        actor, place = actor_of(request), place_of(request)
        toast = unquote(request.cookies.get(cookies.TOAST, ""))
        if toast:
            self.cookies.append(Cookie(cookies.TOAST, value="", max_age=0))
        return {
            "lead": "",
            "rail": (),
            "crumbs": (),
            **self.context,
            "request": request,
            "actor": actor,
            "may": actor.holds_anywhere,
            "Duty": Duty,
            "locale": locale.current(),
            "path": request.scope["path"],
            "query": query_of(request),
            "page_address": place.path,
            "other_language": _in_other_language(request, place, self.context.get("read_at", "")),
            "toast": toast,
            "is_demo": request.app.state.settings.is_demo,
            "csrf_input": CsrfInput(request),
        }

    def text_for(self, request: AnyRequest) -> str:
        """Render the page to a text, for an answer that is kept."""
        template = environment().get_template(str(self.template_name))
        return template.render(**self.create_template_context(request))


def _in_other_language(request: AnyRequest, place: Place, read_at: str) -> str:
    """Return the address of the present page in the other language, its filter kept.

    It is relative where it can be: a page that is kept is filled in for many addresses. What
    answers a form may be there for who only follows a link, too: `read_at` is where.
    """
    wanted = "zh" if locale.current() == "en" else "en"
    if read_at:
        path, mark, fragment = read_at.partition("#")
        return Place(path, "").with_("lang", wanted) + mark + fragment
    shown = place._replace(path="") if request.method in SAFE_METHODS else place
    return shown.with_("lang", wanted)


GUARDED: Final = {
    "Content-Security-Policy": (
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Of every page, also of a refusal: nobody frames it or learns its address from a link."""


class CsrfInput:
    """The hidden fields of a form, made when a template writes them and not before."""

    def __init__(self, request: AnyRequest) -> None:
        self._request = request

    def __html__(self) -> str:
        field = Markup('<input type="hidden" name="{}" value="{}">')
        token = field.format(csrf.FIELD, csrf.token_for(self._request))
        if self._request.method in SAFE_METHODS:
            return token
        return token + field.format(FIELD, str(place_of(self._request)))

    __str__ = __html__


def page(
    template: str,
    /,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Page:
    """Answer with a rendered template."""
    sent = {**GUARDED, **(headers or {})}
    return Page(template, context=context, status_code=status_code, headers=sent)


@cache
def static_prefix() -> str:
    """Return the address below which the static files of this build stand for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return f"/assets/{digest.hexdigest()[:12]}"


def asset(name: str) -> str:
    """Return the address of a static file."""
    return f"{static_prefix()}/{name}"


def local(moment: datetime) -> datetime:
    """Return an instant in Chinese time."""
    return moment.astimezone(SHANGHAI)


def iso_date(value: date | datetime | None) -> str:
    """Write a date for tables: 2026-11-23."""
    if value is None:
        return ""
    return (local(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def iso_datetime(value: datetime | None) -> str:
    """Write an instant for tables: 2026-11-23 09:30, Chinese time."""
    return "" if value is None else local(value).strftime("%Y-%m-%d %H:%M")


def prose_date(value: date | datetime | None) -> str:
    """Write a date for running text: 2026年11月23日, or 23 November 2026."""
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    if locale.current() == "en":
        return f"{day.day} {day:%B} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def prose_datetime(value: datetime | None) -> str:
    """Write an instant for running text, Chinese time."""
    return "" if value is None else f"{prose_date(value)} {local(value):%H:%M}"


def points(value: Fraction | str | None, decimals: int = 2) -> str:
    """Write points with a fixed number of decimals; nothing for no number."""
    if value is None:
        return ""
    scaled = Fraction(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    text = f"{abs(whole):0{decimals + 1}d}"
    sign = "-" if whole < 0 else ""
    return sign + (f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text)


def said(message: str, **blanks: Any) -> Markup:
    """Translate a message of a template and fill its blanks, each escaped.

    A per cent sign in a message without blanks is itself; Jinja's own gettext fails on it.
    """
    words = locale.gettext(message)
    words = words.chosen(blanks) if isinstance(words, locale.Counted) else words
    text = Markup(words)  # noqa: S704 - our own messages, not what was typed
    return text % blanks if blanks else text.replace("%%", "%")


@cache
def environment() -> Environment:
    """Return the one Jinja environment of the house."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    env.policies["ext.i18n.trimmed"] = True
    env.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # `said` fills the blanks.
    env.globals.update(asset=asset, label=locale.label, gettext=said)
    env.globals.update(heading=locale.heading, pgettext=locale.pgettext)
    env.filters.update(
        date_=iso_date,
        datetime_=iso_datetime,
        prose_date=prose_date,
        prose_datetime=prose_datetime,
        points=points,
        label=locale.label,
        sentence=locale.sentence,
    )
    return env


def engine() -> JinjaTemplateEngine:
    """Return Litestar's engine over the one environment."""
    return JinjaTemplateEngine.from_environment(environment())
