"""Insist on the form of an input, and give some of its axes new sizes."""

from __future__ import annotations

import sys
from typing import NoReturn

from shapewright.arithmetic.dimension import (
    Dimension,
    Shape,
    Shapes,
    certainly_differ,
    certainly_equal,
    is_known,
    product,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Note, Outcome, axis_of, kept, one, with_axis
from shapewright.operations.merge import agreed, column
from shapewright.record import record


@record
class Expect:
    """Hands an input on if it has the form that is needed.

    `ranks` are the numbers of axes that will do and `meaning` is what they stand for; `sizes` are
    axes, each with the only sizes that will do there, and `multiples` are axes, each with what has
    to divide its size. `parameter` is the one that asks for these sizes.
    """

    ranks: tuple[int, ...] | range
    meaning: str
    sizes: tuple[tuple[int, tuple[int, ...]], ...] = ()
    multiples: tuple[tuple[int, int], ...] = ()
    parameter: str | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: another number of axes, or another size on one of them.
        """
        shape = one(inputs)
        if len(shape) not in self.ranks:
            raise ShapeError(
                f"needs {_any_of(self.ranks)} axes ({self.meaning}), "
                f"got {len(shape)}: {show(shape)}"
            )
        for axis, sizes in self.sizes:
            size = shape[axis]
            if is_known(size) and size not in sizes:
                self._refuse(shape, axis, f"size {_any_of(sizes)}")
        for axis, divisor in self.multiples:
            if certainly_differ(shape[axis] % divisor, 0):
                self._refuse(shape, axis, f"a multiple of {divisor}")
        return Outcome((shape,), links=(kept(len(shape)),))

    def _refuse(self, shape: Shape, axis: int, needed: str) -> NoReturn:
        detail = f"needs {needed} on axis {axis}, got {show(shape[axis])} in {show(shape)}"
        raise ShapeError(detail, self.parameter)


def from_rank(least: int) -> range:
    """So many axes, or more."""
    return range(least, sys.maxsize)


def _any_of(numbers: tuple[int, ...] | range) -> str:
    if isinstance(numbers, range):
        return f"at least {numbers.start}"
    return " or ".join(map(str, numbers))


@record
class ExpectSeveral:
    """Hands an input on if statistics of it would rest on more than one value each.

    They are taken over all axes but those `apart`, by `parts` of these.
    """

    apart: tuple[int, ...] = ()
    parts: int = 1

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: there is a single value for each statistic.
        """
        shape = one(inputs)
        together = (size for axis, size in enumerate(shape) if axis not in self.apart)
        if certainly_equal(product(together) // self.parts, 1):
            raise ShapeError(
                f"statistics need more than one value each, but {show(shape)} has one for each"
            )
        return Outcome((shape,), links=(kept(len(shape)),))


@record
class ExpectShared:
    """Hands several inputs on if they have the same size on an axis."""

    axis: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The shapes of the inputs.

        Raises:
            InputsDiffer: two sizes differ.
        """
        agreed(column(inputs, self.axis), inputs)
        return Outcome(inputs)


@record
class FixedSizes:
    """Some axes get sizes of their own, whatever they were before: `(axis, size)` for each."""

    sizes: tuple[tuple[int, Dimension], ...]
    notes: tuple[Note, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input with the axes replaced.

        Raises:
            ShapeError: there is no such axis.
        """
        shape = output = one(inputs)
        links = list(kept(len(shape)))
        for named, size in self.sizes:
            axis = axis_of(shape, named)
            output = with_axis(output, axis, size)
            if not certainly_equal(shape[axis], size):
                links[axis] = Link(axis, None)
        return Outcome((output,), links=(tuple(links),), notes=self.notes)
