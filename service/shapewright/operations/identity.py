"""Layers that leave shapes alone, and layers that declare their own."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes
from shapewright.operations.base import (
    Note,
    Outcome,
    Weight,
    WeightTemplate,
    axis_of,
    kept,
    one,
    resolve_all,
)
from shapewright.record import record


@record
class Elementwise:
    """Each output element comes from the input element in the same place.

    `axes` are those that the layer works along and that must exist, `None` stands for all but the
    batch; with `mixing` an element depends on all others along them too, as in a softmax.
    """

    weights: tuple[WeightTemplate, ...] = ()
    axes: tuple[int, ...] | None = ()
    mixing: bool = False
    notes: tuple[Note, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: several inputs, or no such axis.
        """
        shape = one(inputs)
        named = range(1, len(shape)) if self.axes is None else self.axes
        axes = sorted({axis_of(shape, axis, "axis") for axis in named})
        return Outcome(
            (shape,),
            resolve_all(self.weights, inputs),
            links=(kept(len(shape), *(axes if self.mixing else ())),),
            notes=self.notes,
        )


@record
class Declared:
    """A layer that nobody here knows, whose caller says what comes out.

    With `batched` that is said of one sample, and the batch is that of the first input.
    """

    output_shape: Shape
    params: int = 0
    batched: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """What was declared, whatever comes in."""
        weights = (Weight("weights", (self.params,)),) if self.params else ()
        batch = inputs[0][:1] if self.batched and inputs else ()
        return Outcome(((*batch, *self.output_shape),), weights)
