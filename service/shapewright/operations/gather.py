"""Elements picked by the numbers that another tensor holds."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Outcome, axis_of, with_axis
from shapewright.operations.merge import Broadcast, expect_count
from shapewright.record import record


@record
class Gather:
    """Of the first input what the second numbers; the axis is replaced by the axes of the numbers.

    Without an axis they number all elements in one row.
    """

    axis: int | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes before the axis, those of the numbers, and those after it.

        Raises:
            ShapeError: not two inputs, or no such axis.
        """
        expect_count(inputs, 2)
        shape, numbers = inputs
        if self.axis is None:
            own: Links = (None,) * len(shape)
            return Outcome((numbers,), links=(own, tuple(map(Link, range(len(numbers))))))
        axis = axis_of(shape, self.axis, "axis")
        shift = len(numbers) - 1
        links = (
            (
                *map(Link, range(axis)),
                None,
                *(Link(a + shift) for a in range(axis + 1, len(shape))),
            ),
            tuple(Link(axis + place) for place in range(len(numbers))),
        )
        return Outcome(((*shape[:axis], *numbers, *shape[axis + 1 :]),), links=links)


@record
class GatherAlong:
    """As many elements along one axis as the second input has there, by numbers of their own.

    The other axes are stretched to fit. Without an axis the elements of the first stand in one row.
    """

    axis: int | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the numbers, stretched.

        Raises:
            ShapeError: not two inputs, no such axis, or another number of axes.
            InputsDiffer: two sizes differ on another axis and neither can be stretched.
        """
        expect_count(inputs, 2)
        shape: Shape = (product(inputs[0]),) if self.axis is None else inputs[0]
        numbers = inputs[1]
        if len(shape) != len(numbers):
            raise ShapeError(
                f"{show(shape)} has {len(shape)} axes, "
                f"but what numbers its elements, {show(numbers)}, has {len(numbers)}"
            )
        axis = axis_of(shape, self.axis or 0, "axis")
        return Outcome(Broadcast().infer((with_axis(shape, axis, numbers[axis]), numbers)).outputs)
