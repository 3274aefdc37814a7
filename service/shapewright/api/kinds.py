"""The kinds of problem: for each a code, a status, and what it means and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

MOST_ERRORS: Final = 100
"""So many faults are listed in a problem; `error_count` tells of all."""


@dataclass(frozen=True)
class Kind:
    """What all problems of a kind have in common; `doc` tells what it means and how to mend it."""

    code: str
    status: int
    title: str
    doc: str

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.code.replace("_", "-")

    @property
    def type(self) -> str:
        """Its address."""
        return f"/problems/{self.name}"

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """What all problems of this kind say, unless they know more."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.doc,
        }

    def as_dict(self) -> dict[str, Any]:
        """What is said of it where it is looked up."""
        return {
            "type": self.type,
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "description": self.doc,
        }


BAD_REQUEST: Final = Kind(
    "bad_request",
    400,
    "The request is malformed",
    "The HTTP request itself is broken, such as a form without its file or a body cut short.",
)
UNREADABLE: Final = Kind(
    "unreadable_document",
    400,
    "The document cannot be read",
    "The body is neither JSON nor a file of a known kind; the detail says where reading stopped.",
)
UNREADABLE_ARRAY: Final = Kind(
    "unreadable_array",
    400,
    "An array cannot be read",
    "The bytes are no `.npy` or `.npz` file, or one that holds other things than plain numbers; or "
    "lists are not regular. Pickled objects are never read.",
)
NOT_FOUND: Final = Kind(
    "not_found", 404, "There is no such thing", "Nothing is at this address; see /openapi.json."
)
SWITCHED_OFF: Final = Kind(
    "switched_off",
    404,
    "This call is switched off",
    "The service can do it, but is configured not to; whoever runs it can switch it on.",
)
METHOD_NOT_ALLOWED: Final = Kind(
    "method_not_allowed",
    405,
    "The method is not allowed here",
    "The address exists but takes other methods; the header `Allow` lists them.",
)
NOT_ACCEPTABLE: Final = Kind(
    "not_acceptable",
    406,
    "No representation is acceptable",
    "The header `Accept` rules out every media type that this call can answer with.",
)
TOO_LARGE: Final = Kind(
    "too_large",
    413,
    "The document is too large",
    "The body, something in it, or the work that it asks for passes a bound of the service; the "
    "detail names the bound.",
)
UNSUPPORTED_MEDIA_TYPE: Final = Kind(
    "unsupported_media_type",
    415,
    "The media type is not supported",
    "The header `Content-Type` names a type that this call does not read, or a "
    "`Content-Encoding` is set.",
)
INVALID_QUERY: Final = Kind(
    "invalid_query",
    422,
    "The query is wrong",
    "A query parameter is unknown, repeated, or has a value that it cannot have.",
)
INVALID_DOCUMENT: Final = Kind(
    "invalid_document",
    422,
    "The document is not a valid network",
    "The document was read, but parts of it are wrong; each pointer says which.",
)
SHAPE_MISMATCH: Final = Kind(
    "shape_mismatch",
    422,
    "The shapes do not fit",
    "Every layer is sound, but some do not accept what arrives; `layer` is the first of them, "
    "and `partial` the report of all that could be computed.",
)
ARRAY_MISMATCH: Final = Kind(
    "array_mismatch",
    422,
    "The arrays do not fit the layer",
    "Layer and arrays are sound, but an array is missing, is one too many, or has another shape "
    "than the layer needs.",
)
CANNOT_RUN: Final = Kind(
    "cannot_run",
    422,
    "The layer cannot be run",
    "The layer is known and its shapes are, but it is no window that is run on arrays: "
    "convolutions are, and pools that take a maximum or an average.",
)
INTERNAL: Final = Kind(
    "internal_error",
    500,
    "The service failed",
    "A fault of the service, not of the request; its log knows more under the request id.",
)
BUSY: Final = Kind(
    "busy",
    503,
    "The service is busy",
    "All places for such work are taken; the header `Retry-After` says when to try again.",
)

KINDS: Final = (
    BAD_REQUEST,
    UNREADABLE,
    UNREADABLE_ARRAY,
    NOT_FOUND,
    SWITCHED_OFF,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID_QUERY,
    INVALID_DOCUMENT,
    SHAPE_MISMATCH,
    ARRAY_MISMATCH,
    CANNOT_RUN,
    INTERNAL,
    BUSY,
)


class Refusal(Exception):
    """A request that this floor refuses by itself; `errors` as they stand in the problem.

    `headers` are those of the answer, beside the ones that every answer has.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}
