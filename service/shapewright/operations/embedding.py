"""Vectors looked up by number."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes
from shapewright.operations.base import Outcome, WeightTemplate, kept, one, resolve_all
from shapewright.record import record


@record
class Embedding:
    """Each number becomes the vector of `units` elements that stands at it in a table."""

    units: int
    weights: tuple[WeightTemplate, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """One axis more, at the end; nothing is multiplied.

        Raises:
            ShapeError: several inputs.
        """
        shape = one(inputs)
        weights = resolve_all(self.weights, inputs)
        return Outcome(((*shape, self.units),), weights, links=(kept(len(shape)),))
