"""More elements along spatial axes than there were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shapewright.arithmetic.dimension import Shapes
from shapewright.arithmetic.reach import LONGEST_PERIOD, Reach, of_repeat
from shapewright.operations.base import Link, Outcome, kept, one
from shapewright.operations.spatial import Layout
from shapewright.record import record

RADIUS: Final[Mapping[str, int]] = {"bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos5": 5}
"""How many input elements an interpolation reads on each side of a position between two."""


@record
class Upsample:
    """Each spatial axis made a whole number of times longer.

    `method` is `nearest`, which repeats elements, or a way to interpolate between them.
    """

    layout: Layout
    factors: tuple[int, ...]
    method: str = "nearest"

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = n * factor`.

        Raises:
            ShapeError: wrong rank.
        """
        shape = one(inputs)
        self.layout.check(shape)
        sizes = self.layout.spatial_sizes(shape)
        longer = tuple(size * factor for size, factor in zip(sizes, self.factors, strict=True))
        links = list(kept(len(shape)))
        for axis, factor in zip(self.layout.spatial, self.factors, strict=True):
            links[axis] = Link(axis, self._reach(factor))
        output = self.layout.compose(shape[0], longer, shape[self.layout.channels])
        return Outcome((output,), links=(tuple(links),))

    def _reach(self, factor: int) -> Reach | None:
        if self.method == "nearest":
            return of_repeat(factor)
        return of_interpolation(factor, RADIUS[self.method]) if self.method in RADIUS else None


def of_interpolation(factor: int, radius: int) -> Reach | None:
    """Output `i` lies at input position `(i + 1/2) / factor - 1/2` (pixel centres aligned).

    It reads `radius` elements to each side, or one element alone where it lies on it. `None` where
    there are too many positions.
    """
    if factor > LONGEST_PERIOD:
        return None
    positions = [divmod(2 * output + 1 - factor, 2 * factor) for output in range(factor)]
    first = [below - (radius - 1) * (between > 0) for below, between in positions]
    last = [below + radius * (between > 0) for below, between in positions]
    return Reach(
        start=first[0],
        first=tuple(index - first[0] for index in first),
        last=tuple(index - first[0] for index in last),
    )
