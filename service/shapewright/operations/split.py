"""One axis cut into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from shapewright.arithmetic.dimension import (
    Dimension,
    Shape,
    Shapes,
    certainly_below,
    certainly_differ,
    is_known,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import of_shift
from shapewright.operations.base import (
    Link,
    Links,
    Outcome,
    axis_of,
    kept,
    known_axis,
    one,
    with_axis,
)
from shapewright.record import record

MOST_PIECES: Final = 128
"""How many outputs are made at most."""


@record
class Split:
    """An axis cut into pieces: how many of equal size, or where all but the first begin.

    With `uneven` a size that does not divide makes the first pieces longer by one.
    """

    axis: int
    pieces: int | tuple[int, ...]
    uneven: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """One output for each piece.

        Raises:
            ShapeError: there is no such axis, it does not divide, or ends where a piece begins.
        """
        shape = one(inputs)
        axis = axis_of(shape, self.axis, "axis")
        sizes = tuple(self._sizes(shape, axis))
        starts = accumulate(sizes[:-1], initial=0)
        return Outcome(
            tuple(with_axis(shape, axis, size) for size in sizes),
            split_links=tuple((_from(shape, axis, start),) for start in starts),
        )

    def _sizes(self, shape: Shape, axis: int) -> Iterator[Dimension]:
        size = shape[axis]
        if isinstance(self.pieces, int):
            each, rest = size // self.pieces, size % self.pieces
            if not self.uneven and certainly_differ(rest, 0):
                detail = f"axis {axis} of {show(shape)} does not divide into {self.pieces} pieces"
                raise ShapeError(detail, "pieces")
            for index in range(self.pieces):
                yield each + int(is_known(rest) and index < rest)
            return
        start: Dimension = 0
        for end in (*self.pieces, size):
            if certainly_below(end, start):
                raise ShapeError(
                    f"axis {axis} of {show(shape)} ends at {show(end)}, before a piece begins "
                    f"at {start}",
                    "pieces",
                )
            yield end - start
            start = end


def _from(shape: Shape, axis: int, start: Dimension) -> Links:
    links = kept(len(shape))
    return (*links[:axis], Link(axis, of_shift(-start)), *links[axis + 1 :])


@record
class Unstack:
    """An output for each element of an axis, which has `count` of them if that is given."""

    axis: int
    count: int | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes of the other axes, once for each output.

        Raises:
            ShapeError: there is no such axis, or its size is unknown, too large or another one.
        """
        shape = one(inputs)
        axis = axis_of(shape, self.axis, "axis")
        size = (
            known_axis(shape, axis, "the number of outputs") if self.count is None else self.count
        )
        if certainly_differ(shape[axis], size):
            detail = f"axis {axis} of {show(shape)} was to have {size} elements"
            raise ShapeError(detail, "count")
        if size > MOST_PIECES:
            raise ShapeError(f"at most {MOST_PIECES} outputs can be made, got {size}", "axis")
        rest = (*shape[:axis], *shape[axis + 1 :])
        links = (*kept(axis), None, *map(Link, range(axis, len(rest))))
        return Outcome((rest,) * size, links=(links,))
