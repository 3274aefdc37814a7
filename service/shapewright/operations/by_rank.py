"""An operation that depends on how many axes arrive."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Operation, Outcome
from shapewright.record import record


@record
class ByRank:
    """One of several operations: `(number of axes of the first input, operation)` for each."""

    choices: tuple[tuple[int, Operation], ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The outcome of the operation for so many axes.

        Raises:
            ShapeError: there is none, or it does not accept the inputs.
        """
        rank = len(inputs[0]) if inputs else 0
        for axes, operation in self.choices:
            if axes == rank:
                return operation.infer(inputs)
        needed = " or ".join(str(axes) for axes, _ in self.choices)
        raise ShapeError(f"needs {needed} axes, got {rank}: {show(inputs)}")
