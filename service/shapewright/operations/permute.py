"""The same axes in another order."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes
from shapewright.operations.base import Link, Outcome, expect_rank, one
from shapewright.record import record


@record
class Permute:
    """Output axis `i` is input axis `order[i]`; `order` names every axis once."""

    order: tuple[int, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes in their new order.

        Raises:
            ShapeError: the input has more or fewer axes than the order.
        """
        shape = one(inputs)
        expect_rank(shape, len(self.order), f"the batch and {len(self.order) - 1} more")
        output = tuple(shape[axis] for axis in self.order)
        places = sorted(range(len(shape)), key=self.order.__getitem__)
        return Outcome((output,), links=(tuple(map(Link, places)),))
