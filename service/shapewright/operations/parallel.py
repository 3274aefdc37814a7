"""Several inputs that a layer treats side by side."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes
from shapewright.operations.base import Operation, Outcome
from shapewright.record import record


@record
class Parallel:
    """Several inputs side by side, each through an operation of its own.

    `parts` are the number of an input and what becomes of it, in the order of the outputs.
    """

    parts: tuple[tuple[int, Operation], ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The outputs, weights, macs and notes of all parts.

        Raises:
            ShapeError: an input does not suit its operation.
        """
        steps = [operation.infer((inputs[index],)) for index, operation in self.parts]
        return Outcome(
            outputs=tuple(shape for step in steps for shape in step.outputs),
            weights=tuple(weight for step in steps for weight in step.weights),
            macs=sum((step.macs for step in steps), start=0),
            notes=tuple(note for step in steps for note in step.notes),
        )
