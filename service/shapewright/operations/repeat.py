"""Elements repeated: each next to itself, or all of them after one another."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, product
from shapewright.arithmetic.reach import of_repeat
from shapewright.operations.base import Link, Outcome, axis_of, kept, one, with_axis
from shapewright.record import record


@record
class Repeat:
    """Each element of an axis `count` times next to itself; without an axis, of all in one row."""

    count: int
    axis: int | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = n * count`.

        Raises:
            ShapeError: there is no such axis.
        """
        shape = one(inputs)
        if self.axis is None:
            return Outcome(((product(shape) * self.count,),), links=((None,) * len(shape),))
        axis = axis_of(shape, self.axis, "axis")
        links = kept(len(shape))
        link = Link(axis, of_repeat(self.count) if self.count else None)
        return Outcome(
            (with_axis(shape, axis, shape[axis] * self.count),),
            links=((*links[:axis], link, *links[axis + 1 :]),),
        )


@record
class Tile:
    """The whole tensor `counts` times after itself along each axis, aligned at the last one.

    Where there are more counts than axes, new axes stand in front.
    """

    counts: tuple[int, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = n * count`, axis by axis.

        Raises:
            ShapeError: not exactly one input.
        """
        shape = one(inputs)
        rank = max(len(shape), len(self.counts))
        sizes = (*(1,) * (rank - len(shape)), *shape)
        counts = (*(1,) * (rank - len(self.counts)), *self.counts)
        output = tuple(size * count for size, count in zip(sizes, counts, strict=True))
        links = tuple(
            Link(axis) if counts[axis] == 1 else Link(axis, None)
            for axis in range(rank - len(shape), rank)
        )
        return Outcome((output,), links=(links,))
