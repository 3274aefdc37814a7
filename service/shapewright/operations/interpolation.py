"""Axes brought to other sizes by sampling between their elements."""

from __future__ import annotations

from typing import TypeVar

from shapewright.arithmetic.dimension import Dimension, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.scale import Ratio, scaled
from shapewright.operations.base import Link, Outcome, kept, one
from shapewright.operations.resize import Upsample
from shapewright.operations.spatial import Layout
from shapewright.record import record

T = TypeVar("T")


@record
class Interpolate:
    """All axes after batch and channels brought to `sizes`, or to `ratios` of their own sizes.

    `ranks` say how many such axes may arrive; where `for_all` is set, a single size or ratio
    serves each of them. At least `least` elements must come out.
    """

    method: str
    ranks: tuple[int, ...]
    sizes: tuple[int, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    for_all: bool = False
    least: int = 1

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = size`, or `o = floor(n * ratio)`; whole ratios repeat or interpolate regularly.

        Raises:
            ShapeError: wrong rank, another number of sizes or ratios than of axes, an axis besides
                the batch without elements, or too few that come out.
        """
        shape = one(inputs)
        rank = len(shape) - 2
        if rank not in self.ranks:
            needed = " or ".join(map(str, self.ranks))
            raise ShapeError(f"needs {needed} axes after batch and channels, got {show(shape)}")
        if any(certainly_below(size, 1) for size in shape[1:]):
            raise ShapeError(f"only the batch may be empty, got {show(shape)}")
        ratios = self._for_each(self.ratios, rank, "ratios")
        spatial: tuple[Dimension, ...] = (
            tuple(map(scaled, shape[2:], ratios))
            if ratios
            else self._for_each(self.sizes, rank, "sizes")
        )
        if any(certainly_below(size, self.least) for size in spatial):
            raise ShapeError(
                f"sizes {show(shape[2:])} would become {show(spatial)}, "
                f"but at least {self.least} has to come out along each axis",
                "ratios" if ratios else "sizes",
            )
        if ratios and all(divisor == 1 for _, divisor in ratios):
            factors = tuple(dividend for dividend, _ in ratios)
            return Upsample(Layout(rank, channels_last=False), factors, self.method).infer(inputs)
        resized = (Link(axis, None) for axis in range(2, len(shape)))
        return Outcome(((*shape[:2], *spatial),), links=((*kept(2), *resized),))

    def _for_each(self, given: tuple[T, ...], rank: int, parameter: str) -> tuple[T, ...]:
        if self.for_all:
            return given * rank
        if given and len(given) != rank:
            raise ShapeError(f"{len(given)} of them do not fit {rank} spatial axes", parameter)
        return given
