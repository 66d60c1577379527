"""What the document says of an address beyond what the framework sees in its handler.

A handler says it in its `opt`: `opt={TOLD: Told(takes=Rows, refuses=(400, 429))}`. Errors have one
shape everywhere, `Failed`, which the framework does not know.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from app.errors import N_
from app.web.error_pages import TITLES, Failed

TOLD: Final = "told"
JSON: Final = "application/json"
HTML: Final = "text/html"
TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
FORM: Final = "application/x-www-form-urlencoded"
LATER: Final = (429, 503)
RETRY_AFTER: Final = {
    "Retry-After": {"description": N_("过多少秒再试。"), "schema": {"type": "integer"}}
}
Shapes = Mapping[str, Any]


class Told(Struct, frozen=True, kw_only=True):
    """The body that is taken, as which media; what may stand in the query, and what for.

    `answers` are shapes by status and media, `refuses` the statuses of answers that are `Failed`.
    """

    takes: Any = None
    takes_as: tuple[str, ...] = (JSON,)
    query: Mapping[str, str] = {}
    answers: Mapping[int, Shapes] = {}
    refuses: tuple[int, ...] = ()


class Schemas:
    """The schemas of a document: those that the framework wrote, and what is added to them."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.parts = dict(written)

    def of(self, shape: Any) -> dict[str, Any]:
        """Return the schema of a shape; it may refer to parts."""
        [schema], parts = msgspec.json.schema_components(
            [shape], ref_template="#/components/schemas/{name}"
        )
        self.parts = parts | self.parts
        return schema

    def content(self, shapes: Shapes) -> dict[str, Any]:
        """Return the content of a body by its media."""
        return {media: {"schema": self.of(shape)} for media, shape in shapes.items()}


def completed(operation: dict[str, Any], told: Told | None, schemas: Schemas) -> dict[str, Any]:
    """Return an operation with what is told of it; refusals that the framework guessed give way.

    Of one that is told of by nobody the framework is right about which, but not about their shape.
    """
    if told is None:
        told = Told(refuses=tuple(int(key) for key in operation["responses"] if key >= "400"))
    found = dict(operation)
    if told.takes is not None:
        taken = schemas.content(dict.fromkeys(told.takes_as, told.takes))
        found["requestBody"] = {"required": True, "content": taken}
    asked = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        | {"description": description}
        for name, description in told.query.items()
    ]
    if asked:
        found["parameters"] = [*found.get("parameters", ()), *asked]
    responses = {key: said for key, said in found["responses"].items() if key < "400"}
    for status, shapes in told.answers.items():
        before: dict[str, Any] = responses.get(str(status), {"description": TITLES.get(status, "")})
        responses[str(status)] = before | {"content": schemas.content(shapes)}
    for status in told.refuses:
        responses[str(status)] = refused(status, schemas)
    found["responses"] = dict(sorted(responses.items()))
    return found


def refused(status: int, schemas: Schemas) -> dict[str, Any]:
    """Return what stands for a refusal."""
    said = {"description": TITLES[status], "content": schemas.content({JSON: Failed})}
    return said | ({"headers": RETRY_AFTER} if status in LATER else {})
