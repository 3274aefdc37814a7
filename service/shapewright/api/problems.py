"""Every exception as an answer: one table from what went wrong to type, status and title.

The body is a problem of RFC 9457. `type` is a stable relative address that says what such a problem
means; `code` is its last part as a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from itertools import islice
from typing import Any, Final

from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
)

from shapewright.api.kinds import (
    ARRAY_MISMATCH,
    BAD_REQUEST,
    CANNOT_RUN,
    INTERNAL,
    INVALID_DOCUMENT,
    INVALID_QUERY,
    METHOD_NOT_ALLOWED,
    MOST_ERRORS,
    NOT_FOUND,
    SHAPE_MISMATCH,
    TOO_LARGE,
    UNREADABLE,
    UNREADABLE_ARRAY,
    Kind,
    Refusal,
)
from shapewright.api.logs import LOG
from shapewright.api.request import current
from shapewright.api.response import Response
from shapewright.formats.errors import InvalidDocument, TooLarge, Unreadable
from shapewright.network.locate import Misplaced
from shapewright.network.report import ShapesDoNotFit
from shapewright.numeric.errors import (
    ArrayError,
    ArrayMismatch,
    ArrayTooLarge,
    CannotRun,
    UnreadableArray,
)
from shapewright.paths import pointer
from shapewright.render.divergence import divergence_dict
from shapewright.render.report import as_dict
from shapewright.render.wire import encode

MEDIA_TYPE: Final = "application/problem+json"
KEPT_HEADERS: Final = frozenset(("Allow", "Retry-After"))
"""Those of an `HTTPException` that its problem keeps."""

FACES: Final[Mapping[type[BaseException], Kind]] = {
    Unreadable: UNREADABLE,
    TooLarge: TOO_LARGE,
    InvalidDocument: INVALID_DOCUMENT,
    ShapesDoNotFit: SHAPE_MISMATCH,
    Misplaced: INVALID_QUERY,
    UnreadableArray: UNREADABLE_ARRAY,
    ArrayTooLarge: TOO_LARGE,
    ArrayMismatch: ARRAY_MISMATCH,
    CannotRun: CANNOT_RUN,
    NotFound: NOT_FOUND,
    MethodNotAllowed: METHOD_NOT_ALLOWED,
    InternalServerError: INTERNAL,
    HTTPException: BAD_REQUEST,
    Exception: INTERNAL,
}


def answer(error: Exception) -> Response:
    """The response to an exception, whatever it is."""
    request = current()
    problem = body(error, request.id, request.detail)
    if problem["status"] == INTERNAL.status:
        LOG.error("internal error", exc_info=error, extra={"facts": {"request_id": request.id}})
    return Response(encode(problem), problem["status"], _headers(error), content_type=MEDIA_TYPE)


def _headers(error: Exception) -> dict[str, str]:
    """What an exception says in headers."""
    if isinstance(error, Refusal):
        return dict(error.headers)
    given = error.get_headers() if isinstance(error, HTTPException) else ()
    return {name: value for name, value in given if name in KEPT_HEADERS}


def body(error: Exception, request_id: str, detail: str) -> dict[str, Any]:
    """The members of an exception's problem; a report in it has this much detail."""
    return {**face(error).members, "request_id": request_id, **facts(error, detail)}


def face(error: Exception) -> Kind:
    """The kind of problem that an exception is."""
    if isinstance(error, Refusal):
        return error.kind
    return next(FACES[ancestor] for ancestor in type(error).__mro__ if ancestor in FACES)


@singledispatch
def facts(error: Exception, detail: str) -> dict[str, Any]:
    """The members that an exception adds to its problem; one that nobody expects adds none."""
    return {}


@facts.register
def _(error: Refusal, detail: str) -> dict[str, Any]:
    return {"detail": error.detail, **(listed(error.errors) if error.errors else {})}


@facts.register(Unreadable)
@facts.register(TooLarge)
def _(error: Unreadable | TooLarge, detail: str) -> dict[str, Any]:
    return {"detail": error.detail}


@facts.register
def _(error: InvalidDocument, detail: str) -> dict[str, Any]:
    errors = [{"pointer": pointer(fault.path), "detail": fault.detail} for fault in error.faults]
    return {"detail": summary(errors), **listed(errors)}


@facts.register
def _(error: ArrayError, detail: str) -> dict[str, Any]:
    place = pointer((error.part,)) if error.part else ""
    return {"detail": error.detail, **listed([{"pointer": place, "detail": error.detail}])}


@facts.register
def _(error: Misplaced, detail: str) -> dict[str, Any]:
    return {
        "detail": f"`locate`: {error.detail}",
        **listed([{"parameter": "locate", "pointer": "", "detail": error.detail}]),
    }


@facts.register
def _(error: ShapesDoNotFit, detail: str) -> dict[str, Any]:
    errors = [{"pointer": fault.place, "detail": fault.detail} for fault in error.faults]
    first = error.faults[0]
    return {
        "detail": f"layer {first.index} `{first.name}` ({first.type}): {summary(errors)}",
        **listed(errors),
        "layer": {"index": first.index, "name": first.name, "type": first.type},
        "input_shapes": first.input_shapes,
        **({"diverged": divergence_dict(first.diverged)} if first.diverged else {}),
        "partial": as_dict(error.partial, detail),
    }


def summary(errors: list[dict[str, str]]) -> str:
    """The first fault in words, and how many more there are."""
    more = len(errors) - 1
    return errors[0]["detail"] + (f" (and {more} more)" if more else "")


def listed(errors: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The faults, up to `MOST_ERRORS`, and how many there are."""
    every = list(errors)
    return {"errors": list(islice(every, MOST_ERRORS)), "error_count": len(every)}
