"""Arrays as nested lists of numbers, as JSON has them; a complex number is a list of two."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import ACCEPTED, DType
from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray
from shapewright.numeric.npy import MOST_AXES

DTYPES: Final[Mapping[str, DType]] = {str(dtype): dtype for dtype in map(np.dtype, ACCEPTED)}
"""By the names that numpy gives them: `int8` to `complex128`."""


def read_lists(lists: Any, part: str, limit: int, dtype: str | None = None) -> Array:
    """The array in nested lists; of type `int64` or `float64`, or of the type that is asked for.

    Raises:
        UnreadableArray: the lists are not regular, hold other things than numbers, or numbers
            that the type does not have.
        ArrayTooLarge: the array takes more bytes than the limit.
    """
    wanted = None if dtype is None else DTYPES.get(dtype)
    if dtype is not None and wanted is None:
        raise UnreadableArray(f"{part} must be of one of the types {', '.join(DTYPES)}", part)
    numbers, shape = _flattened(lists, part)
    item = 8 if wanted is None else wanted.itemsize
    if len(numbers) * item > limit:
        raise ArrayTooLarge(f"bytes of {part}", len(numbers) * item, limit, part)
    if not numbers:
        return np.empty(shape, wanted)
    if wanted is None or wanted.kind != "c":
        return _array(numbers, wanted, part).reshape(shape)
    if shape[-1:] != (2,):
        raise UnreadableArray(f"{part} must end in pairs of real and imaginary part", part)
    halves = _array(numbers, np.dtype(f"f{wanted.itemsize // 2}"), part)
    return halves.view(wanted).reshape(shape[:-1])


def as_lists(array: Array) -> Array:
    """The array as real numbers in C order and the machine's byte order, complex ones in pairs."""
    plain = np.asarray(array, array.dtype.newbyteorder("="), order="C")
    if plain.dtype.kind != "c":
        return plain
    return plain.view(plain.real.dtype).reshape(*array.shape, 2)


def _flattened(lists: Any, part: str) -> tuple[list[Any], tuple[int, ...]]:
    """All numbers in order, and the shape in which they stood."""
    level, shape = [lists], list[int]()
    while level and isinstance(level[0], list):
        lengths = {len(item) if isinstance(item, list) else -1 for item in level}
        if len(lengths) > 1 or len(shape) == MOST_AXES:
            raise UnreadableArray(
                f"{part} must be lists of the same length in at most {MOST_AXES} levels, "
                f"but in level {len(shape) + 1} the lengths are {sorted(lengths)[:5]}",
                part,
            )
        shape.extend(lengths)
        level = list(chain.from_iterable(level))
    return level, tuple(shape)


def _array(numbers: list[Any], dtype: DType | None, part: str) -> Array:
    kinds = {type(number) for number in numbers}
    real = dtype is None or dtype.kind == "f"
    if not kinds <= ({int, float} if real else {int}):
        raise UnreadableArray(f"{part} must hold {'numbers' if real else 'integers'} only", part)
    try:
        with np.errstate(over="raise"):
            array = np.array(numbers, dtype)
    except (OverflowError, FloatingPointError):
        raise UnreadableArray(f"{part} holds numbers that {dtype} does not have", part) from None
    if array.dtype.kind not in ("iu" if dtype is None and kinds == {int} else "iuf"):
        raise UnreadableArray(f"{part} holds integers that no type of 64 bits has", part)
    return array
