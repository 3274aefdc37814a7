"""Axes moved to other places."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes
from shapewright.operations.base import Outcome, axis_of, one
from shapewright.operations.permute import Permute
from shapewright.operations.reduction import distinct_axes
from shapewright.record import record


@record
class MoveAxes:
    """Axis `sources[i]` becomes axis `destinations[i]`; the others keep their order."""

    sources: tuple[int, ...]
    destinations: tuple[int, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes in their new order.

        Raises:
            ShapeError: there is no such axis, or one is named twice.
        """
        shape = one(inputs)
        sources = distinct_axes(shape, self.sources)
        moved = dict(zip(distinct_axes(shape, self.destinations), sources, strict=True))
        others = (axis for axis in range(len(shape)) if axis not in sources)
        order = tuple(
            moved[place] if place in moved else next(others) for place in range(len(shape))
        )
        return Permute(order).infer(inputs)


@record
class SwapAxes:
    """Two axes, which may be the same, change places."""

    one: int
    other: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes in their new order.

        Raises:
            ShapeError: there is no such axis.
        """
        shape = one(inputs)
        order = list(range(len(shape)))
        first, second = axis_of(shape, self.one), axis_of(shape, self.other)
        order[first], order[second] = second, first
        return Permute(tuple(order)).infer(inputs)


@record
class ReverseAxes:
    """The axes in reverse order."""

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes from the last to the first."""
        return Permute(tuple(reversed(range(len(one(inputs)))))).infer(inputs)
