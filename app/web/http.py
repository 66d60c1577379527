"""The types that every handler names, and the request that forgets what was typed."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from litestar import Request, Response
from litestar._parsers import parse_url_encoded_form_data
from litestar.datastructures import FormMultiDict
from litestar.exceptions import ValidationException

AnyRequest = Request[Any, Any, Any]
AnyResponse = Response[Any]


def query_of(request: AnyRequest) -> str:
    """Return the query of a request as it was sent.

    The framework's address of a request cannot be read where its Host header cannot.
    """
    return request.scope["query_string"].decode("ascii", "replace")


def parts_of(address: str) -> SplitResult:
    """Return the parts of an address that somebody sent; empty ones where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


class HouseRequest(AnyRequest):
    """A request whose form stays with it alone.

    The framework remembers the last 1,024 bodies, with passwords and ID numbers, whoever sent them.
    Middleware reads cookies here as well: Python's own reader gives up at the first that it cannot
    read, so one of a neighbouring site on the same domain would sign everybody out.
    """

    async def form(self) -> FormMultiDict:
        """Return the form that was sent."""
        try:
            return await super().form()
        except (UnicodeDecodeError, LookupError) as error:  # not UTF-8, or in no known way
            raise ValidationException from error
        finally:
            parse_url_encoded_form_data.cache_clear()
