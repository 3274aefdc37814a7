"""Elements added to the sides of axes, or cut from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import of_shift
from shapewright.arithmetic.window import Sides
from shapewright.operations.base import Link, Outcome, axis_of, kept, one, with_axis
from shapewright.operations.spatial import Layout
from shapewright.record import record

Fill: TypeAlias = Literal["constant", "replicate", "reflect", "circular"]
"""What is added: one value, the element at the edge, the elements inside it, or the other end."""

SPARE: Final[Mapping[Fill, int]] = {"reflect": 1, "circular": 0}
"""How many elements an axis needs beyond what is added at a side, where they are copied from it.

A reflection leaves out the edge itself; going round a circle once gives each element at most once.
"""

CUT_FIRST: Final[frozenset[Fill]] = frozenset({"constant", "circular"})
"""The fills for which there has to be as much as is cut, whatever is added at the other side."""


class Margin(NamedTuple):
    """How many elements are added before and after one axis; negative ones are cut."""

    axis: int
    before: int
    after: int


@record
class Pad:
    """Elements added to both sides of axes, or cut from them.

    `layout` insists on a number of axes; without it margins count axes from either end. At least
    `least` elements must be left.
    """

    margins: tuple[Margin, ...]
    layout: Layout | None = None
    fill: Fill = "constant"
    least: int = 0

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = n + before + after`, axis by axis.

        Raises:
            ShapeError: wrong rank, no such axis, too much is cut, or more is to be copied from
                an axis than it has.
        """
        output = shape = one(inputs)
        if self.layout is not None:
            self.layout.check(shape)
        margins = [margin._replace(axis=axis_of(shape, margin.axis)) for margin in self.margins]
        links = list(kept(len(shape)))
        for margin in margins:
            output = with_axis(output, margin.axis, self._padded(shape, margin))
            links[margin.axis] = Link(margin.axis, of_shift(margin.before))
        return Outcome((output,), links=(tuple(links),))

    def _padded(self, shape: Shape, margin: Margin) -> Dimension:
        axis, before, after = margin
        size = shape[axis]
        check_copied(shape, axis, (before, after), self.fill)
        uncut = size + min(before, 0) + min(after, 0) if self.fill in CUT_FIRST else 0
        left = size + before + after
        if certainly_below(uncut, 0) or certainly_below(left, self.least):
            raise ShapeError(
                f"axis {axis} of {show(shape)} has {show(size)} elements; of these "
                f"{-min(before, 0)} are cut before and {-min(after, 0)} after, "
                f"so that {show(left)} would be left, at least {self.least} needed",
                "padding",
            )
        return left


def check_copied(shape: Shape, axis: int, sides: Sides, fill: Fill) -> None:
    """Insist that an axis has as many elements as are to be copied from it to either side.

    Raises:
        ShapeError: it has fewer.
    """
    if fill in SPARE and any(certainly_below(shape[axis], side + SPARE[fill]) for side in sides):
        raise ShapeError(
            f"axis {axis} of {show(shape)} has {show(shape[axis])} elements, too few for a {fill} "
            f"padding of {show(sides[0])} before and {show(sides[1])} after",
            "padding",
        )
