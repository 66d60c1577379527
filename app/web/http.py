"""The two types that every handler names."""

from typing import Any

from litestar import Request, Response

AnyRequest = Request[Any, Any, Any]
AnyResponse = Response[Any]
