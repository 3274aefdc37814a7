"""Products that sum over an axis that two inputs share."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Outcome, axis_of, per_sample
from shapewright.operations.merge import (
    InputsDiffer,
    Site,
    agreed,
    column,
    expect_count,
    stretch_links,
    stretched,
)
from shapewright.record import record


@record
class BatchDot:
    """Sample by sample, the sum of products over one axis of each of two inputs.

    With `exact` an unknown size does not fit a known one.
    """

    axes: tuple[int, int]
    exact: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """What is left of the first input, then of the second; `macs = outputs * summed size`.

        Raises:
            ShapeError: not two inputs, no such axis, or the batch axis is to be summed.
            InputsDiffer: the batch sizes or the summed sizes differ.
        """
        expect_count(inputs, 2)
        one, other = self._site(inputs, 0), self._site(inputs, 1)
        agreed([Site(index, 0, shape[0]) for index, shape in enumerate(inputs)], inputs)
        if self.exact and is_known(one.size) != is_known(other.size):
            raise InputsDiffer(one, other, inputs)
        size = agreed([one, other], inputs)
        output = (*_without(inputs[0], one.axis), *_without(inputs[1], other.axis)[1:])
        return Outcome(
            (output if len(output) > 1 else (*output, 1),),
            macs=per_sample(output) * size,
            links=(
                _links(inputs[0], one.axis, 0),
                _links(inputs[1], other.axis, len(inputs[0]) - 2),
            ),
        )

    def _site(self, inputs: Shapes, index: int) -> Site:
        axis = axis_of(inputs[index], self.axes[index], "axes")
        if axis == 0:
            raise ShapeError(
                f"cannot sum over the batch axis: axis {self.axes[index]} of {show(inputs[index])}",
                "axes",
            )
        return Site(index, axis, inputs[index][axis])


def _without(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], *shape[axis + 1 :])


def _links(shape: Shape, summed: int, offset: int) -> Links:
    """All axes but the summed one go on, those after the batch axis `offset` places later."""
    places = [0, *range(1 + offset, len(shape) - 1 + offset)]
    return (*map(Link, places[:summed]), None, *map(Link, places[summed:]))


@record
class MatrixProduct:
    """The last axis of the first input against the last but one of the second.

    The axes before those are stretched to fit; an input with one axis is a row on the left, a
    column on the right, and its missing axis is missing in the result.
    """

    def infer(self, inputs: Shapes) -> Outcome:
        """NumPy's `matmul`; `macs = outputs * summed size`.

        Raises:
            ShapeError: not two inputs, or one without axes.
            InputsDiffer: the summed sizes differ, or two sizes that cannot be stretched.
        """
        expect_count(inputs, 2)
        left, right = inputs
        if not left or not right:
            raise ShapeError(f"a matrix product needs an axis to sum over, got {show(inputs)}")
        row, line = len(left) - 1, max(len(right) - 2, 0)
        size = agreed([Site(0, row, left[row]), Site(1, line, right[line])], inputs)
        rank = max(len(left), len(right)) - 2
        batch = tuple(stretched(column(inputs, axis), inputs) for axis in range(-rank - 2, -2))
        output = (*batch, *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))
        rows = (Link(len(batch)),) * (len(left) > 1)
        columns = (Link(len(output) - 1),) * (len(right) > 1)
        return Outcome(
            (output,),
            macs=per_sample(output) * size,
            links=(
                (*stretch_links(left[:-2], batch), *rows, None),
                (*stretch_links(right[:-2], batch), None, *columns),
            ),
        )
