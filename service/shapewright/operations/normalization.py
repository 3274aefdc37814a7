"""Normalization by statistics of groups of channels."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import (
    Outcome,
    WeightTemplate,
    kept,
    known_axis,
    one,
    resolve_all,
)
from shapewright.record import record


@record
class GroupNormalization:
    """Each sample's channels in groups, each group shifted and scaled as a whole.

    Without `groups` every channel is one.
    """

    axis: int
    groups: int | None
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: the axis does not exist, its size is unknown or does not divide.
        """
        shape = one(inputs)
        channels = known_axis(shape, self.axis, "the normalization of groups of channels")
        if channels < 1 or channels % (self.groups or 1):
            raise ShapeError(
                f"{channels} channels on axis {self.axis} of {show(shape)} do not divide into "
                f"{self.groups or 'single'} groups",
                "groups",
            )
        links = kept(len(shape), *range(1, len(shape)))
        return Outcome((shape,), resolve_all(self.weights, inputs), links=(links,))
