"""Categories as vectors: one for each element, or one for several together."""

from __future__ import annotations

from itertools import pairwise

from shapewright.arithmetic.dimension import (
    UNKNOWN,
    Dimension,
    Shapes,
    certainly_differ,
    certainly_equal,
    is_known,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Outcome, kept, one
from shapewright.operations.merge import agreed, column, expect_count
from shapewright.record import record


@record
class OneHot:
    """Each element becomes a vector with a place for each of `depth` categories.

    Of the axes at the end that are certainly 1, up to `squeezed` are dropped first; one axis
    always stays.
    """

    depth: Dimension
    squeezed: int = 0

    def infer(self, inputs: Shapes) -> Outcome:
        """One axis more: the categories.

        Raises:
            ShapeError: several inputs.
        """
        shape = one(inputs)
        rank = len(shape)
        lowest = max(rank - self.squeezed, 1)
        while rank > lowest and certainly_equal(shape[rank - 1], 1):
            rank -= 1
        links = (*kept(rank), *(None,) * (len(shape) - rank))
        return Outcome(((*shape[:rank], self.depth),), links=(links,))


@record
class MultiHot:
    """The elements along the second axis, or along the only one, become one vector together.

    It has a place for each of `depth` categories: whether they occur, or how often. `count` is
    how many inputs there are; those after the first weigh its elements. An axis that moves to the
    place of an unknown one is known itself if `settle` is set, and left unknown otherwise.
    """

    depth: Dimension
    count: int = 1
    settle: bool = True

    def infer(self, inputs: Shapes) -> Outcome:
        """The second axis, or the only one, gives way to one at the end: the categories.

        Raises:
            ShapeError: another number of inputs, or weights that are not one for each element.
        """
        shape = alike(inputs, self.count)
        if len(shape) == 1:
            return Outcome(((self.depth,),), links=((None,),) * self.count)
        moved = tuple(
            size if self.settle or is_known(before) else UNKNOWN
            for before, size in pairwise(shape[1:])
        )
        rest = tuple(Link(axis - 1) for axis in range(2, len(shape)))
        links = (Link(0), None, *rest)
        return Outcome(((shape[0], *moved, self.depth),), links=(links,) * self.count)


@record
class Cross:
    """Features crossed into one: for each sample one element of each of `count` inputs."""

    count: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The shape that all inputs have.

        Raises:
            ShapeError: another number of inputs, inputs that differ, or several elements a sample.
        """
        shape = alike(inputs, self.count)
        if len(shape) > 2 or (len(shape) == 2 and certainly_differ(shape[1], 1)):
            raise ShapeError(f"needs inputs of shape (batch,) or (batch, 1), got {show(inputs[0])}")
        return Outcome((inputs[0],), links=(kept(len(shape)),) * self.count)


def alike(inputs: Shapes, count: int) -> tuple[Dimension, ...]:
    """The shape that all inputs have in common.

    Raises:
        ShapeError: there are not `count` inputs, or two of them differ.
    """
    expect_count(inputs, count)
    if len({len(shape) for shape in inputs}) > 1:
        raise ShapeError(f"needs inputs of equal shapes, got {show(inputs)}")
    return tuple(agreed(column(inputs, axis), inputs) for axis in range(len(inputs[0])))


@record
class Tokenize:
    """Texts taken apart into an axis of tokens, whose length depends on the texts.

    Texts that are not `split` hold one token each along the last axis; `grams` says that
    neighbours are joined there too.
    """

    split: bool
    grams: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """A last axis of 1 becomes the tokens; a batch without such an axis gets one.

        Raises:
            ShapeError: texts to split lie along a last axis that is not 1.
        """
        shape = one(inputs)
        links = (*kept(len(shape) - 1), None)
        if not self.split:
            return Outcome(((*shape[:-1], UNKNOWN if self.grams else shape[-1]),), links=(links,))
        if len(shape) == 1:
            return Outcome(((*shape, UNKNOWN),), links=(kept(1),))
        if certainly_differ(shape[-1], 1):
            raise ShapeError(
                f"needs texts of shape (batch,), or with a last axis of 1, got {show(shape)}"
            )
        return Outcome(((*shape[:-1], UNKNOWN),), links=(links,))
