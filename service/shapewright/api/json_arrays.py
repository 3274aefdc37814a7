"""An array in JSON: nested lists, or an object that tells the type and the shape of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Final

from shapewright.formats.errors import InvalidDocument
from shapewright.numeric.blocks import Array
from shapewright.numeric.errors import ArrayTooLarge
from shapewright.numeric.lists import read_lists
from shapewright.numeric.npy import MOST_AXES
from shapewright.numeric.plans import extent
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import is_integer, quote

MEMBERS: Final = ("data", "dtype", "shape")
"""What an array has that is an object."""


def read_array(value: Any, part: str, limit: int) -> Array:
    """Nested lists, or an object that tells type and shape of lists that may then be flat.

    Raises:
        InvalidDocument: an object with other members, or with bad ones.
        UnreadableArray: lists that are none of numbers.
        ArrayTooLarge: more bytes than the limit.
    """
    if not isinstance(value, dict):
        return read_lists(value, part, limit)
    check_members(value, MEMBERS, part)
    dtype = value.get("dtype")
    if "dtype" in value and not isinstance(dtype, str):
        raise InvalidDocument([Fault((part, "dtype"), f"needs a name, got {quote(dtype)}")])
    array = read_lists(value.get("data"), part, limit, dtype)
    return _shaped(array, value["shape"], part, limit) if "shape" in value else array


def _shaped(array: Array, shape: Any, part: str, limit: int) -> Array:
    """The array, if it has that shape, or gets it, being flat or empty.

    Raises:
        InvalidDocument: it cannot have the shape.
        ArrayTooLarge: the shape is large but for an axis that is empty.
    """
    if not _is_shape(shape) or not _can_have(array, shape):
        detail = f"is not the shape of data, which has {list(array.shape)}: {quote(shape)}"
        raise InvalidDocument([Fault((part, "shape"), detail)])
    needed = extent(tuple(shape)) * array.itemsize
    if needed > limit:
        raise ArrayTooLarge(f"bytes of {part}", needed, limit, part)
    return array.reshape(shape)


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_AXES
        and all(is_integer(size) and size >= 0 for size in value)
    )


def _can_have(array: Array, shape: list[int]) -> bool:
    is_free = array.ndim == 1 or not array.size
    return list(array.shape) == shape or (is_free and array.size == prod(shape))


def check_members(value: Mapping[str, Any], known: Sequence[str], *path: str) -> None:
    """Insist on members that are known.

    Raises:
        InvalidDocument: there are others.
    """
    detail = f"is not known here; there are {', '.join(known)}"
    unknown = [Fault((*path, name), detail) for name in value if name not in known]
    if unknown:
        raise InvalidDocument(unknown)
