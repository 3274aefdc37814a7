"""Insist on the form of an input, and give some of its axes new sizes."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.arithmetic.dimension import Dimension, Shapes, certainly_equal, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Note, Outcome, axis_of, kept, one, with_axis


@dataclass(frozen=True, slots=True)
class Expect:
    """Hands an input on if it has the form that is needed.

    `ranks` are the numbers of axes that will do and `meaning` is what they stand for; `sizes` are
    axes, each with the only sizes that will do there.
    """

    ranks: tuple[int, ...]
    meaning: str
    sizes: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape of the only input.

        Raises:
            ShapeError: another number of axes, or another size on one of them.
        """
        shape = one(inputs)
        if len(shape) not in self.ranks:
            needed = " or ".join(map(str, self.ranks))
            raise ShapeError(
                f"needs {needed} axes ({self.meaning}), got {len(shape)}: {show(shape)}"
            )
        for axis, sizes in self.sizes:
            size = shape[axis]
            if is_known(size) and size not in sizes:
                needed = " or ".join(map(str, sizes))
                raise ShapeError(f"needs size {needed} on axis {axis}, got {size} in {show(shape)}")
        return Outcome((shape,), links=(kept(len(shape)),))


@dataclass(frozen=True, slots=True)
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
