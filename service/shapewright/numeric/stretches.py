"""Places in regular steps along an axis, as the slices on which they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from shapewright.operations.pad import Fill


def stretches(
    size: int, fill: Fill, first: int, step: int, count: int
) -> Iterator[tuple[slice, slice | None]]:
    """Which of the places `first, first + step, ...` lie on which stretch of an axis.

    Those before it and past it lie where the fill copies from, or nowhere: `None`.
    """
    low = min(max(-(first // step), 0), count)
    high = min(max((size - 1 - first) // step + 1, low), count)
    before, after = FOLDS[fill]
    if low:
        yield slice(0, low), before(size, first, step, low)
    if low < high:
        yield slice(low, high), stretch(first + low * step, step, high - low)
    if high < count:
        yield slice(high, count), after(size, first + high * step, step, count - high)


def stretch(first: int, step: int, count: int) -> slice:
    """The places `first, first + step, ...`; a step of 0 gives one, to be repeated."""
    if step == 0:
        return slice(first, first + 1)
    stop = first + step * (count - 1) + (1 if step > 0 else -1)
    return slice(first, stop if stop >= 0 else None, step)


Fold: TypeAlias = Callable[[int, int, int, int], slice | None]
"""Size, and places that lie outside (first, step, count), to the places that they copy."""


def _zeros(size: int, first: int, step: int, count: int) -> slice | None:
    return None


FOLDS: Final[Mapping[Fill, tuple[Fold, Fold]]] = {
    "constant": (_zeros, _zeros),
    "replicate": (
        lambda size, first, step, count: stretch(0, 0, count),
        lambda size, first, step, count: stretch(size - 1, 0, count),
    ),
    "reflect": (
        lambda size, first, step, count: stretch(-first, -step, count),
        lambda size, first, step, count: stretch(2 * (size - 1) - first, -step, count),
    ),
    "circular": (
        lambda size, first, step, count: stretch(first + size, step, count),
        lambda size, first, step, count: stretch(first - size, step, count),
    ),
}
"""What lies before an axis and past it; none is further away than the axis is long."""
