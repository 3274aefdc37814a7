"""Operations that feed each other, as one."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from shapewright.arithmetic.dimension import Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Operation, Outcome
from shapewright.record import record


class Step(NamedTuple):
    """An operation and the tensors that it reads: the inputs by number, then what steps gave."""

    operation: Operation
    operands: tuple[int, ...]


@record
class Program:
    """Steps one after another, each of which reads any tensors that are there by then.

    It gives the `outputs` by number, by default what the last step gives. Unlike in `Sequence`
    there may be several inputs, and a tensor may be read more than once. Every output is taken to
    see the whole of the inputs.
    """

    inputs: int
    steps: tuple[Step, ...]
    outputs: tuple[int, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The outputs; weights, macs and notes of all steps.

        Raises:
            ShapeError: another number of inputs, or a step does not accept what it reads.
        """
        if len(inputs) != self.inputs:
            raise ShapeError(f"needs {self.inputs} inputs, got {len(inputs)}: {show(inputs)}")
        tensors = list(inputs)
        total = Outcome(inputs)
        for step in self.steps:
            outcome = step.operation.infer(tuple(tensors[index] for index in step.operands))
            tensors.extend(outcome.outputs)
            total = Outcome(
                outcome.outputs,
                weights=total.weights + outcome.weights,
                macs=total.macs + outcome.macs,
                notes=total.notes + outcome.notes,
            )
        if not self.outputs:
            return total
        return replace(total, outputs=tuple(tensors[index] for index in self.outputs))
