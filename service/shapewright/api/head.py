"""What the head of a request asks for; heads that have been read before are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapewright.api.content import check_type, negotiate
from shapewright.api.endpoint import Endpoint
from shapewright.api.queries import read_query
from shapewright.api.request import Request
from shapewright.formats.options import Limits
from shapewright.memo import Memo

TELLING: Final = ("QUERY_STRING", "HTTP_ACCEPT", "CONTENT_TYPE", "HTTP_CONTENT_ENCODING")
"""What a head is read from, as WSGI names it."""

LONGEST: Final = 256
"""How many characters of that are remembered."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is asked for besides the path: query parameters, and the media types in and out."""

    query: Mapping[str, Any]
    media: str
    sent: str


HEADS: Final[Memo[tuple[Endpoint, Limits, str], Head]] = Memo("heads")


def read_head(request: Request, endpoint: Endpoint, limits: Limits) -> Head:
    """What a request asks of an endpoint.

    Raises:
        Refusal: the query is wrong, no answer is acceptable, or the body is of another type.
    """
    text = "\n".join([request.environ.get(name, "") for name in TELLING])
    key = (endpoint, limits, text)
    known = HEADS.get(key)
    if known is not None:
        return known
    head = _read(request, endpoint, limits)
    return HEADS.keep(key, head) if len(text) <= LONGEST else head


def _read(request: Request, endpoint: Endpoint, limits: Limits) -> Head:
    query = read_query(endpoint.query, request.args, limits)
    media = negotiate(request.accept_mimetypes, endpoint.offers(request.mimetype))
    if endpoint.reads:
        check_type(request, endpoint.reads)
    return Head(query, media, request.mimetype)
