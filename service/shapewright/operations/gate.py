"""An input of which one half gates the other."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_differ, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Outcome, axis_of, kept, one, with_axis
from shapewright.record import record


@record
class Gate:
    """One half of an axis times a function of the other half (Dauphin et al., arXiv 1612.08083)."""

    axis: int = -1

    def infer(self, inputs: Shapes) -> Outcome:
        """Half the size on the axis.

        Raises:
            ShapeError: there is no such axis, or it has no halves.
        """
        shape = one(inputs)
        axis = axis_of(shape, self.axis, "axis")
        size = shape[axis]
        if certainly_differ(size % 2, 0):
            raise ShapeError(
                f"the size of axis {self.axis} has to be even, it is {show(size)} in {show(shape)}",
                "axis",
            )
        return Outcome((with_axis(shape, axis, size // 2),), links=(kept(len(shape), axis),))
