"""Windows laid over an array: what each tap of each window stands on.

Sources are (batch, places..., groups, channels), windows (batch, step, tap, step, tap, ..., groups,
channels), with a step and a tap for each axis of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from math import prod

from numpy.lib.stride_tricks import as_strided

from shapewright.numeric.blocks import Array, Box, last, slices
from shapewright.numeric.lines import Line
from shapewright.numeric.pieces import Index, Piece, overlays, pieces_of
from shapewright.numeric.signals import Signal, laid

ALL = slice(None)


class Overlay:
    """Windows as views: of the source, or of a copy of what they span with the padding around it.

    The copy is made in the buffer, of all windows of some samples at once if that fits, otherwise
    of each tile anew. It lasts until another one is made.
    """

    def __init__(self, source: Signal, lines: tuple[Line, ...], buffer: Array) -> None:
        self.source, self.lines, self.buffer = source, lines, buffer
        self._steps = tuple(range(line.steps) for line in lines)
        self._kept = lru_cache(1)(self._lay)

    def windows(self, tile: Box, taps: Box, groups: range, channels: range) -> Array | None:
        """The windows of a tile (batch, steps...); `None` if they have no such view."""
        batch, *steps = tile
        whole = self._kept(batch, self._steps, taps, groups, channels)
        if whole is None:
            return self._lay(batch, tuple(steps), taps, groups, channels)
        index = chain.from_iterable((step, ALL) for step in slices(tuple(steps)))
        return whole[(ALL, *index)]

    def part(self, batch: range, groups: range, channels: range) -> Array:
        """The source for some samples, groups and channels of each."""
        return last(self.source.array[batch.start : batch.stop], groups, channels)

    def _lay(
        self, batch: range, steps: Box, taps: Box, groups: range, channels: range
    ) -> Array | None:
        """It is not worth a copy if more is spanned than the windows hold."""
        part, lines = self.part(batch, groups, channels), self.lines
        spans = tuple(map(Line.around, lines, steps, taps))
        if all(span.is_within for span in spans):
            index = (slice(-span.before, span.steps - span.before) for span in spans)
            return strided(part[(ALL, *index)], lines, steps, taps)
        shape = (len(batch), *(span.steps for span in spans), len(groups), len(channels))
        held = len(batch) * prod(map(len, (*steps, *taps, groups, channels)))
        if prod(shape) > min(held, self.buffer.size):
            return None
        copied = laid(self.buffer, shape, across=self.source.across)
        copy_places(copied, part, spans)
        return strided(copied, lines, steps, taps)


def copy_places(target: Array, source: Array, spans: Sequence[Line]) -> None:
    """Copy places with the padding around them; each step of a span is one."""
    places, points = tuple(range(span.steps) for span in spans), (range(1),) * len(spans)
    copy(target[(ALL, *(ALL, None) * len(spans))], source, spans, places, points)


def copy(target: Array, source: Array, lines: Sequence[Line], steps: Box, taps: Box) -> None:
    """Copy windows piece by piece."""
    axes = pieces_of(lines, steps, taps)
    for axis, pieces in enumerate(axes):
        for piece in pieces:
            if piece.stretch is None:
                target[(ALL, *(ALL, ALL) * axis, piece.step, piece.tap)] = 0
    for pieces in overlays(axes):
        target[_index(pieces)] = source[places_of(pieces)]


def add(windows: Array, target: Array, lines: Sequence[Line], steps: Box, taps: Box) -> None:
    """Add windows to the array on which they stand."""
    for pieces in overlays(pieces_of(lines, steps, taps)):
        target[places_of(pieces)] += windows[_index(pieces)]


def spread(windows: Array, target: Array, lines: Sequence[Line], steps: Box, taps: Box) -> None:
    """Put windows where they stand, none over another; what lies beyond the ends is left out."""
    for pieces in overlays(pieces_of(lines, steps, taps)):
        target[places_of(pieces)] = windows[_index(pieces)]


def places_of(pieces: tuple[Piece, ...]) -> tuple[slice, ...]:
    """Where a combination of pieces stands, as an index behind the batch axis."""
    return (ALL, *(piece.stretch or ALL for piece in pieces))


def _index(pieces: tuple[Piece, ...]) -> tuple[Index, ...]:
    return (ALL, *chain.from_iterable(piece[:2] for piece in pieces))


def strided(part: Array, lines: Sequence[Line], steps: Box, taps: Box) -> Array:
    """The windows as a view of what they span."""
    sizes = chain.from_iterable(zip(map(len, steps), map(len, taps), strict=True))
    moves = chain.from_iterable(
        (line.stride * stride, line.dilation * stride)
        for line, stride in zip(lines, part.strides[1:-2], strict=True)
    )
    return as_strided(
        part,
        (len(part), *sizes, *part.shape[-2:]),
        (part.strides[0], *moves, *part.strides[-2:]),
    )
