"""Depthwise convolutions: one tap at a time, for all windows and channels of a tile at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array, Box, last, slices
from shapewright.numeric.columns import places
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line, some_taps
from shapewright.numeric.signals import Signal, laid, tiles

TILE: Final = 1 << 18
"""Bytes of a tile of results, and of each of the two buffers of this size."""


@dataclass(frozen=True)
class Taps:
    """The taps of a depthwise kernel, (taps..., channels, 1, made), over channels as groups."""

    source: Signal
    lines: tuple[Line, ...]
    kernel: Kernel
    dtype: np.dtype[Any]

    def into(
        self, target: Array, windows: Box, channels: range, made: range, buffer: Array
    ) -> None:
        """Add them to a tile (batch, steps..., channels, made); the buffer holds as many cells."""
        batch, *steps = windows
        source = last(self.source.array[batch.start : batch.stop], channels, range(1))
        kernel = last(self.kernel.array, channels, range(1), made)[..., 0, :]
        for taps in some_taps(map(range, kernel.shape[:-2])):
            weights = kernel[slices(taps)]
            for pieces in product(*map(Line.pieces_by_tap, self.lines, steps, taps)):
                part = target[(slice(None), *(piece.step for piece in pieces))]
                weight = weights[tuple(piece.tap for piece in pieces)]
                if all(piece.stretch for piece in pieces):
                    term = laid(buffer, part.shape, across=self.source.across)
                    part += np.multiply(source[places(pieces)], weight, out=term, dtype=self.dtype)
                elif not self._is_finite:
                    part += 0 * weight

    @property
    def are_few(self) -> bool:
        """Whether there are fewer than results at each, so that taking one by one is quick."""
        *taps, groups, _, made = self.kernel.array.shape
        results = prod(line.steps for line in self.lines) * groups * made
        return bool(prod(taps) <= results)

    @cached_property
    def _is_finite(self) -> Any:
        """Whether zeros times the kernel are surely zeros."""
        return bool(np.isfinite(self.kernel.array.sum(dtype=self.dtype)))


@dataclass(frozen=True)
class Depthwise:
    """A convolution each of whose groups has one channel.

    If sums are `exact`, they have the type of the result.
    """

    taps: Taps
    bias: Array | None
    exact: bool

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return TILE * (1 if self.exact else 2)

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., channels, made)."""
        dtype = self.taps.dtype
        cells = min(TILE // dtype.itemsize, out.size)
        terms, sums = np.empty(cells, dtype), np.empty(0 if self.exact else cells, dtype)
        across = self.taps.source.across
        for windows, channels, made in tiles(out.shape, cells, across=across):
            place = out[slices((*windows, channels, made))]
            target = place if self.exact else laid(sums, place.shape, across=across)
            target[...] = 0 if self.bias is None else self.bias[slices((channels, made))]
            self.taps.into(target, windows, channels, made, terms)
            if not self.exact:
                place[...] = target
