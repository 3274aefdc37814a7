"""Elements moved between channels and space."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, certainly_differ, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import of_repeat, of_window
from shapewright.arithmetic.window import Window, place
from shapewright.operations.base import Link, Outcome, kept, one
from shapewright.record import record


@record
class DepthToSpace:
    """Blocks of `factor * factor` channels become blocks of two spatial axes, the last ones.

    Source: Shi et al., arXiv 1609.05158.
    """

    factor: int

    def infer(self, inputs: Shapes) -> Outcome:
        """`(..., C * f * f, H, W)` becomes `(..., C, H * f, W * f)`.

        Raises:
            ShapeError: fewer than three axes, or channels that do not divide.
        """
        *rest, channels, height, width = _with_image(inputs)
        block = self.factor * self.factor
        if certainly_differ(channels % block, 0):
            raise ShapeError(
                f"{show(channels)} channels do not divide into blocks of "
                f"{self.factor} * {self.factor} = {block}",
                "factor",
            )
        output = (*rest, channels // block, height * self.factor, width * self.factor)
        last = len(rest) + 2
        spatial = (Link(axis, of_repeat(self.factor)) for axis in (last - 1, last))
        return Outcome((output,), links=((*kept(len(rest)), None, *spatial),), rearranged=True)


@record
class SpaceToDepth:
    """Blocks of the last two axes become blocks of `factor * factor` channels."""

    factor: int

    def infer(self, inputs: Shapes) -> Outcome:
        """`(..., C, H * f, W * f)` becomes `(..., C * f * f, H, W)`.

        Raises:
            ShapeError: fewer than three axes, or a spatial axis that does not divide.
        """
        *rest, channels, height, width = _with_image(inputs)
        for name, size in (("height", height), ("width", width)):
            if certainly_differ(size % self.factor, 0):
                raise ShapeError(
                    f"the {name} {show(size)} does not divide by {self.factor}", "factor"
                )
        block = Window(self.factor, self.factor)
        reaches = (of_window(place(size, block)) for size in (height, width))
        spatial = map(Link, (len(rest) + 1, len(rest) + 2), reaches)
        deep = channels * self.factor * self.factor
        output = (*rest, deep, height // self.factor, width // self.factor)
        return Outcome((output,), links=((*kept(len(rest)), None, *spatial),), rearranged=True)


def _with_image(inputs: Shapes) -> Shape:
    shape = one(inputs)
    if len(shape) < 3:
        raise ShapeError(f"needs at least 3 axes (channels, height, width), got {show(shape)}")
    return shape
