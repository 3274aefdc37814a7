"""Operations on tensors that do not come from the network but stand in its description."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shape, Shapes
from shapewright.operations.base import Links, Operation, Outcome


@dataclass(frozen=True, slots=True)
class WithConstants:
    """An operation that gets constants beside its inputs.

    `constants` has an item for each operand: a constant's shape, or `None` for the next input.
    """

    operation: Operation
    constants: tuple[Shape | None, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome; of its links, those of the inputs.

        Raises:
            ShapeError: the operation does not accept the operands.
        """
        arriving = iter(inputs)
        operands = (next(arriving) if shape is None else shape for shape in self.constants)
        outcome = self.operation.infer(tuple(operands))
        return replace(
            outcome,
            links=self._of_inputs(outcome.links),
            split_links=tuple(map(self._of_inputs, outcome.split_links)),
        )

    def _of_inputs(self, links: tuple[Links, ...]) -> tuple[Links, ...]:
        paired = zip(links, self.constants, strict=False)
        return tuple(own for own, constant in paired if constant is None)
