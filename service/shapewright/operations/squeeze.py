"""Axes of size 1, taken out or put in, and tensors side by side along a new axis."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, certainly_differ, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Outcome, axis_of, one
from shapewright.operations.merge import agreed, column, expect_count, expect_same_rank
from shapewright.operations.reduction import distinct_axes
from shapewright.record import record


@record
class Squeeze:
    """Without the axes that are named, which have size 1, or without all that are known to."""

    axes: tuple[int, ...] | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes of the other axes.

        Raises:
            ShapeError: there is no such axis, one is named twice, or has another size.
        """
        shape = one(inputs)
        every = range(len(shape))
        if self.axes is None:
            gone = [axis for axis in every if is_known(shape[axis]) and shape[axis] == 1]
        else:
            gone = list(distinct_axes(shape, self.axes))
        for axis in gone:
            if certainly_differ(shape[axis], 1):
                detail = f"axis {axis} of {show(shape)} has size {shape[axis]}, needs 1"
                raise ShapeError(detail, "axis")
        left = [axis for axis in every if axis not in gone]
        links = tuple(Link(left.index(axis)) if axis in left else None for axis in every)
        output = tuple(shape[axis] for axis in left)
        return Outcome((output,), links=(links,), rearranged=True)


@record
class ExpandDims:
    """New axes, counted among those of the output; along them all is repeated `size` times."""

    axes: tuple[int, ...]
    size: int = 1

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes of the input, with more between them.

        Raises:
            ShapeError: the output has no such axis, or one is named twice.
        """
        shape = one(inputs)
        rank = len(shape) + len(self.axes)
        new = distinct_axes((self.size,) * rank, self.axes)
        places = [axis for axis in range(rank) if axis not in new]
        sizes = dict(zip(places, shape, strict=True))
        output = tuple(sizes.get(axis, self.size) for axis in range(rank))
        return Outcome((output,), links=(tuple(map(Link, places)),), rearranged=True)


@record
class Stack:
    """Inputs of one shape side by side along a new axis, counted among those of the output."""

    axis: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the first input, with the number of inputs put in.

        Raises:
            ShapeError: no input, or other numbers of axes, or no such axis.
            InputsDiffer: two sizes differ.
        """
        expect_count(inputs, None)
        expect_same_rank(inputs)
        first = inputs[0]
        for axis in range(len(first)):
            agreed(column(inputs, axis), inputs)
        return _one_more(first, axis_of((*first, len(inputs)), self.axis, "axis"), len(inputs))


def _one_more(shape: Shape, axis: int, count: int) -> Outcome:
    links: Links = tuple(Link(place + (place >= axis)) for place in range(len(shape)))
    return Outcome(((*shape[:axis], count, *shape[axis:]),), links=(links,) * count)
