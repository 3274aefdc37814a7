"""Windows along one axis as slices: which stretches of an axis the taps stand on.

Step `i` and tap `j` stand at `i * stride + j * dilation - before` on an axis of `size` elements.
A plain window steps over outputs and stands on inputs; a transposed one steps over inputs and
stands on outputs. Either way the same stretches are read or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple, Protocol, TypeAlias

from shapewright.arithmetic.dimension import Dimension, is_known
from shapewright.arithmetic.window import Placement
from shapewright.operations.base import Outcome
from shapewright.operations.pad import Fill

WORTH_KEEPING: Final = 16
"""How many pieces are remembered for the next tile, whose windows mostly lie the same way."""

AT_ONCE: Final = 1024
"""How many taps of an axis are looked at together, so that their pieces take little memory."""

Index: TypeAlias = int | slice


class Piece(NamedTuple):
    """One tap at several steps, or several taps at one step, and the stretch where they stand.

    `step` and `tap` count from the first of those that were asked for; `stretch` is `None` where
    they stand on padding that holds zeros.
    """

    step: Index
    tap: Index
    stretch: slice | None

    @property
    def taps(self) -> int:
        """How many taps it has of each of its windows."""
        return 1 if isinstance(self.tap, int) else self.tap.stop - self.tap.start


class Axis(Protocol):
    """The windows along one axis."""

    @property
    def steps(self) -> int:
        """How many windows there are."""

    def on_data(self, steps: range) -> range:
        """The taps that may stand on data at these steps."""

    def pieces(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """All of these taps at all of these steps."""


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


def some_taps(axes: Iterable[range]) -> Iterator[tuple[range, ...]]:
    """The taps along all axes, not too many at a time."""
    return product(
        *(
            [range(first, min(first + AT_ONCE, taps.stop)) for first in taps[::AT_ONCE]]
            for taps in axes
        )
    )


def pieces_of(
    axes: Iterable[Axis], steps: Iterable[range], taps: Iterable[range]
) -> list[tuple[Piece, ...]]:
    """The pieces along each axis."""
    return [axis.pieces(*ranges) for axis, *ranges in zip(axes, steps, taps, strict=True)]


def overlays(axes: Iterable[Iterable[Piece]]) -> Iterator[tuple[Piece, ...]]:
    """The combinations of pieces, one along each axis, that stand on data."""
    return product(*([piece for piece in pieces if piece.stretch] for pieces in axes))


@dataclass(frozen=True, slots=True)
class Parts:
    """An axis cut into parts that are windows: `[floor(i * n / o), ceil((i + 1) * n / o))`."""

    size: int
    steps: int

    def on_data(self, steps: range) -> range:
        """A part is taken as a whole, as if it were one tap."""
        return range(1)

    def pieces(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """One piece for each part."""
        parts = (self._part(step) for step in steps)
        return tuple(
            Piece(index, slice(0, part.stop - part.start), part) for index, part in enumerate(parts)
        )

    def _part(self, step: int) -> slice:
        return slice(step * self.size // self.steps, -(-(step + 1) * self.size // self.steps))


def lines_of(outcome: Outcome, fill: Fill = "constant") -> tuple[Line, ...]:
    """The windows of an operation as it has laid them itself."""
    window = outcome.window
    return (
        ()
        if window is None
        else tuple(_line(placement, fill, window.transposed) for placement in window.placements)
    )


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
            for part, stretch in _stretches(
                line, start + tap * line.dilation, line.stride, len(steps)
            )
        )
    return tuple(
        Piece(step, part, stretch)
        for step in range(len(steps))
        for part, stretch in _stretches(line, start + step * line.stride, line.dilation, len(taps))
    )


_kept = lru_cache(64)(_pieces)


def _stretches(
    line: Line, first: int, step: int, count: int
) -> Iterator[tuple[slice, slice | None]]:
    """The places `first, first + step, ...`: those before the axis, on it, and past it."""
    low = min(max(-(first // step), 0), count)
    high = min(max((line.size - 1 - first) // step + 1, low), count)
    before, after = FOLDS[line.fill]
    if low:
        yield slice(0, low), before(line.size, first, step, low)
    if low < high:
        yield slice(low, high), stretch(first + low * step, step, high - low)
    if high < count:
        yield slice(high, count), after(line.size, first + high * step, step, count - high)


def stretch(first: int, step: int, count: int) -> slice:
    """The places `first, first + step, ...`; a step of 0 gives one, to be repeated."""
    if step == 0:
        return slice(first, first + 1)
    stop = first + step * (count - 1) + (1 if step > 0 else -1)
    return slice(first, stop if stop >= 0 else None, step)


Fold: TypeAlias = Callable[[int, int, int, int], slice | None]
"""Size, and places that lie outside (first, step, count), to the places that they copy."""


def _zeros(size: int, first: int, step: int, count: int) -> slice | None:
    return None


FOLDS: Final[Mapping[Fill, tuple[Fold, Fold]]] = {
    "constant": (_zeros, _zeros),
    "replicate": (
        lambda size, first, step, count: stretch(0, 0, count),
        lambda size, first, step, count: stretch(size - 1, 0, count),
    ),
    "reflect": (
        lambda size, first, step, count: stretch(-first, -step, count),
        lambda size, first, step, count: stretch(2 * (size - 1) - first, -step, count),
    ),
    "circular": (
        lambda size, first, step, count: stretch(first + size, step, count),
        lambda size, first, step, count: stretch(first - size, step, count),
    ),
}
"""What lies before an axis and past it; none is further away than the axis is long."""
