"""Operations around operations."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shapes
from shapewright.operations.base import Operation, Outcome


@dataclass(frozen=True, slots=True)
class Frozen:
    """The same operation with weights that do not train."""

    operation: Operation

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, no weight trainable."""
        outcome = self.operation.infer(inputs)
        weights = tuple(replace(weight, trainable=False) for weight in outcome.weights)
        return replace(outcome, weights=weights)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Operations one after another, as one layer; the window is that of the first that has one."""

    operations: tuple[Operation, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """Outputs of the last; weights, macs and notes of all."""
        total = Outcome(outputs=inputs)
        for operation in self.operations:
            step = operation.infer(total.outputs)
            total = Outcome(
                outputs=step.outputs,
                weights=total.weights + step.weights,
                macs=total.macs + step.macs,
                window=total.window or step.window,
                notes=total.notes + step.notes,
                inner=total.inner + step.inner,
            )
        return total
