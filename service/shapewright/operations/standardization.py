"""Shift and scale by statistics of the data."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_differ, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Outcome, Weight, axis_of, kept, known_axis, one
from shapewright.record import record


@record
class Standardize:
    """Shifts and scales by statistics that are kept for each place along `axes`.

    `given` is the shape of statistics that are known beforehand, aligned with the last of the
    axes. Without it they are weights that no training changes: an array for each of `statistics`,
    a number for each of `counters`.
    """

    axes: tuple[int, ...]
    given: tuple[int, ...] | None = None
    statistics: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: an axis does not exist, is named twice or has an unknown size, or given
                statistics do not fit it.
        """
        shape = one(inputs)
        axes = sorted(axis_of(shape, axis, "axis") for axis in self.axes)
        if len(set(axes)) < len(axes):
            raise ShapeError(f"names an axis of {show(shape)} twice: {show(self.axes)}", "axis")
        sizes = tuple(known_axis(shape, axis, "statistics along an axis") for axis in axes)
        links = (kept(len(shape)),)
        if self.given is None:
            arrays = tuple(Weight(name, sizes, trainable=False) for name in self.statistics)
            numbers = tuple(Weight(name, (), trainable=False) for name in self.counters)
            return Outcome((shape,), weights=arrays + numbers, links=links)
        aligned = zip(reversed(self.given), reversed(sizes), strict=False)
        if any(certainly_differ(size, wanted) and size != 1 for size, wanted in aligned):
            raise ShapeError(
                f"statistics of shape {show(self.given)} do not fit the sizes {show(sizes)} "
                f"of axes {show(axes)} in {show(shape)}",
                "given",
            )
        return Outcome((shape,), links=links)
