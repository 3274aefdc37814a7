"""Whole axes made into one value each."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Outcome, axis_of, one
from shapewright.record import record


@record
class Reduce:
    """A sum, mean, maximum or the like over some axes, or over all where `axes` is `None`.

    With `keepdims` the axes stay, with size 1.
    """

    axes: tuple[int, ...] | None = None
    keepdims: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes of the other axes.

        Raises:
            ShapeError: there is no such axis, or one is named twice.
        """
        shape = one(inputs)
        every = range(len(shape))
        gone = set(every if self.axes is None else distinct_axes(shape, self.axes))
        if self.keepdims:
            output = tuple(1 if axis in gone else size for axis, size in enumerate(shape))
            places = dict(zip(every, every, strict=True))
        else:
            output = tuple(size for axis, size in enumerate(shape) if axis not in gone)
            left = (axis for axis in every if axis not in gone)
            places = {axis: place for place, axis in enumerate(left)}
        links = tuple(None if axis in gone else Link(places[axis]) for axis in every)
        return Outcome((output,), links=(links,))


@record
class ShapeOf:
    """The sizes of a tensor's axes, as a tensor."""

    def infer(self, inputs: Shapes) -> Outcome:
        """One number for each axis; no element of the input is seen.

        Raises:
            ShapeError: not exactly one input.
        """
        return Outcome(((len(one(inputs)),),))


def distinct_axes(shape: Shape, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The axes counted from the front, in the given order.

    Raises:
        ShapeError: there is no such axis, or one is named twice.
    """
    found = tuple(axis_of(shape, axis, "axis") for axis in axes)
    if len(set(found)) < len(found):
        raise ShapeError(f"{show(axes)} names an axis of {show(shape)} twice", "axis")
    return found
