"""Values to JSON bytes."""

from __future__ import annotations

from typing import Any, TypeAlias

import orjson

from shapewright.arithmetic.dimension import Unknown

Json: TypeAlias = dict[str, Any]


def encode(value: Any) -> bytes:
    """JSON bytes; an unknown dimension is null."""
    return orjson.dumps(value, default=_null)


def members(value: Json) -> bytes:
    """The members of a JSON object, without its braces."""
    return encode(value)[1:-1]


def _null(value: object) -> None:
    if not isinstance(value, Unknown):
        raise TypeError(f"{type(value).__name__} is not for the wire")
