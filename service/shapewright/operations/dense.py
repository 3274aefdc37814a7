"""A linear map of the last axis."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_differ, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import (
    Outcome,
    WeightTemplate,
    kept,
    known_axis,
    one,
    resolve_all,
    with_axis,
)
from shapewright.record import record


@record
class Dense:
    """Every position's features become `units` others, each a sum over all of them.

    `features` is set where the parameters already say how many must arrive.
    """

    units: int
    features: int | None = None
    weights: tuple[WeightTemplate, ...] = ()
    least_rank: int = 1

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = positions * features * units`.

        Raises:
            ShapeError: too few axes, or features that are unknown or not those expected.
        """
        shape = one(inputs)
        if len(shape) < self.least_rank:
            raise ShapeError(
                f"needs at least {self.least_rank} axes, got {len(shape)}: {show(shape)}"
            )
        if self.features is not None and certainly_differ(shape[-1], self.features):
            raise ShapeError(
                f"needs {self.features} features on the last axis, got {show(shape)}", "features"
            )
        features = known_axis(shape, -1, "the kernel") if self.features is None else self.features
        return Outcome(
            (with_axis(shape, -1, self.units),),
            resolve_all(self.weights, inputs),
            macs=product(shape[1:-1]) * features * self.units,
            links=(kept(len(shape), len(shape) - 1),),
        )
