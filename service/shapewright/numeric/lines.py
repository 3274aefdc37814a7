"""Windows in regular steps along one axis, and the stretches of it that they stand on.

Step `i` and tap `j` stand at `i * stride + j * dilation - before` on an axis of `size` elements.
A plain window steps over outputs and stands on inputs; a transposed one steps over inputs and
stands on outputs. Either way the same stretches are read or written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from shapewright.arithmetic.dimension import Dimension, is_known
from shapewright.arithmetic.window import Placement
from shapewright.numeric.pieces import Piece
from shapewright.numeric.stretches import stretches
from shapewright.operations.base import Outcome
from shapewright.operations.pad import Fill

WORTH_KEEPING: Final = 16
"""How many pieces are remembered for the next tile, whose windows mostly lie the same way."""


@dataclass(frozen=True, slots=True)
class Line:
    """Windows that stand in regular steps; `fill` is what they find in the padding."""

    size: int
    steps: int
    taps: int
    stride: int
    dilation: int
    before: int
    fill: Fill = "constant"

    def pieces(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """All of these taps at all of these steps, in as few pieces as there are of either."""
        few = min(len(steps), len(taps)) <= WORTH_KEEPING
        return (_kept if few else _pieces)(self, steps, taps, len(taps) <= len(steps))

    def pieces_by_tap(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """The same, each piece of one tap."""
        return (_kept if len(taps) <= WORTH_KEEPING else _pieces)(self, steps, taps, True)

    def within(self, stretch: range) -> tuple[range, Line]:
        """The steps that may have taps on a stretch of the axis, and what they are for it alone."""
        effective = self.dilation * (self.taps - 1) + 1
        first = max(-((effective - 1 - stretch.start - self.before) // self.stride), 0)
        last = min((stretch.stop - 1 + self.before) // self.stride, self.steps - 1)
        steps = range(first, max(last + 1, first))
        before = self.before + stretch.start - first * self.stride
        return steps, replace(self, size=len(stretch), steps=len(steps), before=before)

    def around(self, steps: range, taps: range) -> Line:
        """The stretch that these windows span, place by place: one step and tap for each."""
        start = steps.start * self.stride + taps.start * self.dilation - self.before
        length = (len(steps) - 1) * self.stride + (len(taps) - 1) * self.dilation + 1
        return Line(self.size, length, 1, 1, 1, -start, self.fill)

    @property
    def is_within(self) -> bool:
        """Whether all that is spanned, place by place, lies on the axis."""
        return 0 <= -self.before <= self.size - self.steps

    def on_data(self, steps: range) -> range:
        """From the first to the last tap that may stand on data at one of these steps."""
        first = -(((steps.stop - 1) * self.stride - self.before) // self.dilation)
        last = (self.size - 1 + self.before - steps.start * self.stride) // self.dilation
        return range(max(first, 0), min(last + 1, self.taps))

    @property
    def is_plain(self) -> bool:
        """Whether each step has one tap, on the element of its own number."""
        return self.taps == self.stride == 1 and self.before == 0 and self.steps == self.size


def lines_of(outcome: Outcome, fill: Fill = "constant") -> tuple[Line, ...]:
    """The windows of an operation as it has laid them itself."""
    window = outcome.window
    placements = () if window is None else window.placements
    transposed = window is not None and window.transposed
    return tuple(_line(placement, fill, transposed) for placement in placements)


def _line(placement: Placement, fill: Fill, transposed: bool) -> Line:
    window, size, outputs = placement.window, known(placement.size), known(placement.outputs)
    wide, steps = (outputs, size) if transposed else (size, outputs)
    before = known(placement.before)
    return Line(wide, steps, window.kernel, window.stride, window.dilation, before, fill)


def known(dimension: Dimension) -> int:
    """A dimension of an array, whose sizes are all integers."""
    if not is_known(dimension):
        raise TypeError("an array has no unknown sizes")
    return dimension


def _pieces(line: Line, steps: range, taps: range, by_tap: bool) -> tuple[Piece, ...]:
    start = steps.start * line.stride + taps.start * line.dilation - line.before
    if by_tap:
        return tuple(
            Piece(part, tap, stretch)
            for tap in range(len(taps))
            for part, stretch in stretches(
                line.size, line.fill, start + tap * line.dilation, line.stride, len(steps)
            )
        )
    return tuple(
        Piece(step, part, stretch)
        for step in range(len(steps))
        for part, stretch in stretches(
            line.size, line.fill, start + step * line.stride, line.dilation, len(taps)
        )
    )


_kept = lru_cache(64)(_pieces)
