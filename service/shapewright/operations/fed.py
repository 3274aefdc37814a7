"""Operations that take their operands in an order of their own, constants among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shape, Shapes
from shapewright.operations.base import Links, Operation, Outcome


@dataclass(frozen=True, slots=True)
class Fed:
    """An operation whose operands are some of the inputs, in any order, and constants.

    Each operand is the number of an input, or the shape of a constant. An input that is none of
    them changes no shape.
    """

    operation: Operation
    operands: tuple[int | Shape, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, its links put in the order of the inputs.

        Raises:
            ShapeError: the operation does not accept the operands.
        """
        shapes = (inputs[item] if isinstance(item, int) else item for item in self.operands)
        outcome = self.operation.infer(tuple(shapes))
        return replace(
            outcome,
            links=self._by_input(outcome.links, inputs),
            split_links=tuple(self._by_input(links, inputs) for links in outcome.split_links),
        )

    def _by_input(self, links: tuple[Links, ...], inputs: Shapes) -> tuple[Links, ...]:
        of_operands = dict(zip(self.operands, links, strict=False))
        return tuple(
            of_operands.get(index, (None,) * len(shape)) for index, shape in enumerate(inputs)
        )
