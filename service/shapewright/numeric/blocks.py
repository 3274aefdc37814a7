"""Work in pieces that fit the cache: how large, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

Box: TypeAlias = tuple[range, ...]
"""A stretch of each axis."""


def spans(size: int, limit: int) -> Iterator[range]:
    """An axis cut into stretches of nearly the same length, at most `limit`."""
    step = _even(size, limit)
    return (range(start, min(start + step, size)) for start in range(0, size, step))


def boxes(sizes: Sequence[int], limit: int) -> Iterator[Box]:
    """Axes cut into boxes of at most `limit` cells, each of which is one run of cells in C order.

    So a box has a single index on the leading axes, a stretch of one, and all of those after it.
    """
    whole = len(sizes)
    inner = 1
    while whole and inner * sizes[whole - 1] <= limit:
        whole -= 1
        inner *= sizes[whole]
    trailing = tuple(range(size) for size in sizes[whole:])
    if not whole:
        return iter([trailing] if prod(sizes) else [])
    return (
        (*(range(index, index + 1) for index in lead), span, *trailing)
        for lead in np.ndindex(*sizes[: whole - 1])
        for span in spans(sizes[whole - 1], max(limit // inner, 1))
    )


def lengths(box: Box) -> tuple[int, ...]:
    """How long a box is along each axis."""
    return tuple(map(len, box))


def slices(box: Box) -> tuple[slice, ...]:
    """A box as an index."""
    return tuple(slice(part.start, part.stop) for part in box)


def last(array: Array, *ranges: range) -> Array:
    """The array with its last axes cut down to these ranges; a view of it."""
    whole = (slice(None),) * (array.ndim - len(ranges))
    return array[(*whole, *slices(ranges))]


def copied(array: Array, buffer: Array) -> Array:
    """The array in C order at the beginning of a buffer."""
    copy = buffer[: array.size].reshape(array.shape)
    copy[...] = array
    return copy


def runs(target: Array, source: Array) -> tuple[Array, Array]:
    """Both arrays, of one shape, with what lies alike in both as one element, to copy it faster."""
    if target.dtype != source.dtype or not target.size:
        return target, source
    run, rest, within = target.itemsize, list(range(target.ndim)), list[int]()
    while alike := [n for n in rest if target.strides[n] == source.strides[n] == run]:
        run *= target.shape[alike[0]]
        rest.remove(alike[0])
        within.insert(0, alike[0])
    return _runs(target, rest, within, run), _runs(source, rest, within, run)


def copy_runs(target: Array, source: Array) -> None:
    """Copy to an array of the same shape; what lies alike in both is moved as one."""
    target, source = runs(target, source)
    target[...] = source


def _runs(array: Array, rest: list[int], within: list[int], run: int) -> Array:
    """The array as elements of so many bytes, which are its last axes."""
    sizes = [array.shape[axis] for axis in rest]
    return array.transpose(*rest, *within).reshape(*sizes, -1).view(f"V{run}")[..., 0]


def _even(size: int, limit: int) -> int:
    """The length of the stretches when an axis is cut into as few equal ones as the limit lets."""
    count = -(-size // max(limit, 1))
    return -(-size // max(count, 1)) or 1
