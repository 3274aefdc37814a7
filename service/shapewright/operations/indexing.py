"""Elements and slices of axes, as in `x[:, 1:-1, ..., None]`."""

from __future__ import annotations

from types import EllipsisType
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shape, Shapes, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import IDENTITY, Reach
from shapewright.operations.base import Link, Outcome, one
from shapewright.record import record


@record
class Slice:
    """Every `step`-th element from `start` up to `stop`; `None` means what it means in Python."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None

    def length(self, size: Dimension) -> Dimension:
        """How many elements are taken of so many."""
        if self == WHOLE:
            return size
        if not is_known(size):
            return UNKNOWN
        return len(range(*slice(self.start, self.stop, self.step).indices(size)))

    def reach(self, size: Dimension) -> Reach | None:
        """Output `i` is input `start + i * step`; of steps back nothing is said."""
        step = 1 if self.step is None else self.step
        if self == WHOLE or step < 1:
            return IDENTITY if self == WHOLE else None
        if is_known(size):
            return Reach(step, slice(self.start, self.stop, step).indices(size)[0])
        start = self.start or 0
        return Reach(step, start if start >= 0 else UNKNOWN)


WHOLE: Final = Slice()

Part: TypeAlias = int | Slice | EllipsisType | None
"""An element's number, a slice, a new axis of size 1, or all the axes that other parts leave."""


@record
class Index:
    """A part of a tensor: `key` says what is taken of each axis, from the first one on."""

    key: tuple[Part, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """An element takes its axis away; a slice leaves as many elements as Python's does.

        Raises:
            ShapeError: more parts than axes, or an element that does not exist.
        """
        shape = one(inputs)
        output: list[Dimension] = []
        links: list[Link | None] = []
        for part in self._for_all_axes(shape):
            if part is None:
                output.append(1)
                continue
            size = shape[len(links)]
            if isinstance(part, Slice):
                links.append(Link(len(output), part.reach(size)))
                output.append(part.length(size))
            else:
                _check_element(part, size, shape)
                links.append(None)
        return Outcome((tuple(output),), links=(tuple(links),))

    def _for_all_axes(self, shape: Shape) -> tuple[int | Slice | None, ...]:
        """The key with whole axes in the place of its ellipsis, or at its end."""
        key = self.key if ... in self.key else (*self.key, ...)
        taken = sum(part is not None and part is not ... for part in key)
        if taken > len(shape):
            raise ShapeError(f"takes parts of {taken} axes, but {show(shape)} has {len(shape)}")
        place = key.index(...)
        left = (WHOLE,) * (len(shape) - taken)
        return tuple(part for part in (*key[:place], *left, *key[place + 1 :]) if part is not ...)


def _check_element(index: int, size: Dimension, shape: Shape) -> None:
    if is_known(size) and not -size <= index < size:
        raise ShapeError(f"element {index} was asked for on an axis of {size}, in {show(shape)}")
