"""The OpenAPI document: what programs call, in words; pages for people are not in it.

A handler is left out unless it says `include_in_schema=True`, with a tag, a summary and a
description, which are messages like any other: the document speaks the language of its reader.
"""

from collections.abc import Iterator
from typing import Any, Final

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Tag
from litestar.routes import ASGIRoute, HTTPRoute
from msgspec import Struct

from app.errors import N_
from app.web import locale
from app.web.http import AnyRequest
from app.web.told import TOLD, Schemas, completed

WORDS = frozenset({"title", "summary", "description", "name", "tags"})
TAGS: tuple[tuple[str, str], ...] = (
    (N_("证书查验"), N_("查一张或一批证书，不需要登录。网页、扫码和接口的答案相同。")),
    (
        N_("证书公开日志"),
        N_("每张证书的签发和撤销都在只增不减的日志里（C2SP tlog-tiles），任何人都能核对。"),
    ),
    (N_("成绩核对"), N_("已公布赛项的全部计算依据，供任何人用第二套程序重算。")),
    (
        N_("评分平板"),
        N_("平板与服务器之间的 score-sync/1：登记一次，之后凭令牌补传，重复发送不会重复计分。"),
    ),
)
VERIFY, LOG, RESULTS, TABLETS = (name for name, _ in TAGS)

DESCRIBED: Final = "described"
"""The `opt` that holds the `Described` of a handler that is served past the framework."""


class Described(Struct, frozen=True):
    """What the document says of an address that the framework knows nothing of."""

    method: str
    tag: str
    summary: str
    description: str
    answers: type
    answer_description: str


class InWords(JsonRenderPlugin):
    """The document as JSON, in the reader's language; at `/schema` itself stands its page."""

    def has_path(self, path: str) -> bool:
        """Keep Litestar from answering `/schema`: the front does."""
        return path == "/" or super().has_path(path)

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """Render the translated document."""
        return super().render(request, in_words(openapi_schema, request.app))


class InWordsToo(YamlRenderPlugin):
    """The document as YAML."""

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """Render the translated document."""
        return super().render(request, in_words(openapi_schema, request.app))


def config() -> OpenAPIConfig:
    """Return how the document is made; the usual viewers load scripts from elsewhere: none is."""
    return OpenAPIConfig(
        title=N_("乡匠"),
        version="1",
        path="/schema",
        description=N_("给程序用的地址。人用的网页不在其中。"),
        tags=[Tag(name=name, description=description) for name, description in TAGS],
        render_plugins=[InWords(), InWordsToo(path="/openapi.yaml")],
    )


def _whole(document: dict[str, Any], app: Litestar) -> dict[str, Any]:
    """Return the document with what handlers tell, and what is served past the framework."""
    paths, schemas = dict(document["paths"]), Schemas(document["components"]["schemas"])
    for route in app.routes:
        if isinstance(route, ASGIRoute) and DESCRIBED in route.route_handler.opt:
            said: Described = route.route_handler.opt[DESCRIBED]
            paths[route.path] = {said.method: _operation(said, schemas.of(said.answers))}
        if isinstance(route, HTTPRoute) and (operations := paths.get(route.path_format)):
            paths[route.path_format] = dict(operations)
            for method, (handler, _) in route.route_handler_map.items():
                if written := operations.get(method.lower()):
                    whole = completed(written, handler.opt.get(TOLD), schemas)
                    paths[route.path_format][method.lower()] = whole
    components = {**document["components"], "schemas": schemas.parts}
    return {**document, "paths": dict(sorted(paths.items())), "components": components}


def _operation(said: Described, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "tags": [said.tag],
        "summary": said.summary,
        "description": said.description,
        "responses": {
            "200": {
                "description": said.answer_description,
                "content": {"application/json": {"schema": answer}},
            }
        },
    }


def in_words(document: dict[str, Any], app: Litestar) -> dict[str, Any]:
    """Return the whole document of an application in the reader's language."""
    translated: dict[str, Any] = _translated(_whole(document, app))
    return translated


def _translated(part: Any) -> Any:
    """Translate the sentences of a document, wherever they stand."""
    if isinstance(part, dict):
        return {
            key: _said(value) if key in WORDS else _translated(value) for key, value in part.items()
        }
    return [_translated(item) for item in part] if isinstance(part, list) else part


def _said(value: Any) -> Any:
    """Translate a sentence or the tags of an operation; others may have sentences within."""
    if isinstance(value, str):
        return locale.gettext(value)
    return [_said(item) for item in value] if isinstance(value, list) else _translated(value)


def operations(document: dict[str, Any], tag: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, address and operation of all that carry a tag, in order."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and tag in operation.get("tags", ()):
                yield method.upper(), path, operation
