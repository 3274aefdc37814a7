"""A map of two inputs' features that is linear in each."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_differ, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Outcome, WeightTemplate, kept, resolve_all
from shapewright.operations.merge import agreed, column, expect_count
from shapewright.record import record


@record
class Bilinear:
    """Each of `units` outputs weighs every product of a feature of one input and one of the other.

    `features` are how many must arrive on the last axes; all other axes are shared.
    """

    units: int
    features: tuple[int, int]
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = positions * units * (one * other + other)`: the matrix product, then a dot.

        Raises:
            ShapeError: not two inputs, another number of axes, or other features.
            InputsDiffer: the other axes differ.
        """
        expect_count(inputs, 2)
        ranks = tuple(map(len, inputs))
        if ranks[0] != ranks[1] or ranks[0] < 1:
            raise ShapeError(f"needs two inputs of the same number of axes, got {show(inputs)}")
        for number, (shape, needed) in enumerate(zip(inputs, self.features, strict=True), start=1):
            if certainly_differ(shape[-1], needed):
                raise ShapeError(
                    f"needs {needed} features on the last axis, got {show(shape)}",
                    f"features{number}",
                )
        shared = tuple(agreed(column(inputs, axis), inputs) for axis in range(ranks[0] - 1))
        one, other = self.features
        return Outcome(
            ((*shared, self.units),),
            resolve_all(self.weights, inputs),
            macs=product(shared[1:]) * self.units * (one * other + other),
            links=(kept(ranks[0], ranks[0] - 1),) * 2,
        )
