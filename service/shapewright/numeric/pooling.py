"""Pools: what the taps of a window stand on becomes one element, channel by channel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array, Box, last, slices
from shapewright.numeric.pieces import Axis, overlays, pieces_of, some_taps
from shapewright.numeric.signals import Signal, laid, tiles
from shapewright.numeric.windows import places_of
from shapewright.numeric.workspace import buffers

TILE: Final = 1 << 17
"""Bytes of a tile of results. Sums and partial results take as much each, divisors twice that."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool; `combine` makes one element of two, beginning with `start`, in `dtype`.

    An average divides by `divisor`, or by how many taps the axes of `counted` have on their data.
    """

    source: Signal
    axes: tuple[Axis, ...]
    combine: np.ufunc
    start: Any
    dtype: np.dtype[Any]
    result: np.dtype[Any]
    counted: tuple[Axis, ...] = ()
    divisor: int | None = None

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return 4 * TILE

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., 1, channels)."""
        across, exact = self.source.across, self.dtype == self.result
        cells = min(TILE // self.dtype.itemsize, out.size)
        with buffers(self.dtype, 0 if exact else cells) as (sums,):
            for windows, groups, channels in tiles(out.shape, cells, across=across):
                place = out[slices((*windows, groups, channels))]
                target = place if exact else laid(sums, place.shape, across=across)
                target[...] = self.start
                self._combine(target, windows, channels)
                self._divide(target, windows[1:])
                if not exact:
                    place[...] = target

    def _combine(self, target: Array, windows: Box, channels: range) -> None:
        batch, *steps = windows
        source = last(self.source.array[batch.start : batch.stop], channels)
        on_data = (axis.on_data(part) for axis, part in zip(self.axes, steps, strict=True))
        for taps in some_taps(on_data):
            for pieces in overlays(pieces_of(self.axes, steps, taps)):
                part = target[(slice(None), *(piece.step for piece in pieces))]
                several = tuple(n for n, p in enumerate(pieces, 1) if isinstance(p.step, int))
                values = source[places_of(pieces)]
                if several:
                    values = self.combine.reduce(values, axis=several, dtype=self.dtype)
                self.combine(part, values, out=part, dtype=self.dtype)

    def _divide(self, target: Array, steps: Box) -> None:
        if self.divisor is not None:
            target /= self.divisor
        elif self.counted:
            counts = (count(axis, part) for axis, part in zip(self.counted, steps, strict=True))
            target /= reduce(np.multiply.outer, counts)[..., np.newaxis, np.newaxis]


def count(axis: Axis, steps: range) -> Array:
    """How many taps stand on data at each of these steps."""
    total = np.zeros(len(steps), np.int64)
    for (taps,) in some_taps([axis.on_data(steps)]):
        for piece in axis.pieces(steps, taps):
            if piece.stretch:
                total[piece.step] += piece.taps
    return total
