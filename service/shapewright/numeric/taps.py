"""Depthwise windows: each channel times its own kernel, without any matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, product
from math import prod
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array, Box, last, slices
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.pieces import some_taps
from shapewright.numeric.signals import Signal, laid
from shapewright.numeric.windows import Overlay, places_of

REPEATED: Final = 1 << 19
"""Bytes of weights at most when they are repeated for several steps."""

LONG: Final = 1024
"""Numbers that are passed in one go, about; longer weights would not stay in the cache."""

MOST: Final = 64
"""In how many parts the last steps are cut at most."""

BATCH, CHANNEL, MADE = 0, 50, 51
"""Names of axes for a sum; those of steps and taps are numbered from 1."""


@dataclass(frozen=True)
class Taps:
    """The taps of a depthwise kernel, (taps..., channels, 1, made), over channels as groups."""

    source: Signal
    lines: tuple[Line, ...]
    kernel: Kernel
    dtype: np.dtype[Any]

    def into(
        self, target: Array, tile: Box, channels: range, made: range, overlay: Overlay
    ) -> None:
        """Write a tile (batch, steps..., channels, made); the overlay's buffer has its size.

        Across, a weight stands for a whole line of places: then it is faster to go tap by tap.
        """
        taps = tuple(map(range, self.kernel.array.shape[:-3]))
        across = self.source.across
        windows = None if across else overlay.windows(tile, taps, channels, range(1))
        if windows is None:
            source = overlay.part(tile[0], channels, range(1))
            weights = self._weights(channels, made)
            self._add_one_by_one(target, source, weights, tile[1:], overlay.buffer)
        else:
            self._contract(target, windows[..., 0].swapaxes(-3, -2), channels, made)

    @property
    def span(self) -> int:
        """About how many times as much as they are a tile of windows span, border and all."""
        return 2 * prod(line.stride for line in self.lines)

    def overlay(self, buffer: Array) -> Overlay:
        """The windows, laid over the source with the help of a buffer."""
        return Overlay(self.source, self.lines, buffer)

    def _weights(self, channels: range, made: range, times: int = 1) -> Array:
        """The kernel as (taps..., channels, made), its channels so many times over."""
        weights = last(self.kernel.array, channels, range(1), made)[..., 0, :]
        return weights if times == 1 else np.tile(weights, (times, 1))

    @cached_property
    def _repeated(self) -> Callable[[range, range, int], Array]:
        return lru_cache(1)(self._weights)

    def _contract(self, target: Array, windows: Array, channels: range, made: range) -> None:
        """Sum over all taps at once; windows are (batch, step, tap, ..., tap, step, channels).

        Where the last steps follow each other in memory as their channels do, weights are repeated
        along some of them, so that all of those are passed in one go.
        """
        rank, (steps, long) = len(self.lines), windows.shape[-2:]
        *outer, last_step = range(1, rank + 1)
        *taps, last_tap = range(rank + 1, 2 * rank + 1)
        inner = [last_step, CHANNEL]
        times = self._times(windows, len(made))
        windows = windows.reshape(*windows.shape[:-2], steps // times, times * long)
        target = target.reshape(*target.shape[:-3], steps // times, times * long, len(made))
        np.einsum(
            windows,
            [BATCH, *chain.from_iterable(zip(outer, taps, strict=True)), last_tap, *inner],
            self._repeated(channels, made, times),
            [*taps, last_tap, CHANNEL, MADE],
            [BATCH, *outer, *inner, MADE],
            out=target,
            dtype=self.dtype,
        )

    def _times(self, windows: Array, made: int) -> int:
        """How many of the last steps are passed in one go."""
        *_, steps, channels = windows.shape
        follow = windows.strides[-2] == channels * windows.strides[-1]
        if self.source.across or not follow:
            return 1
        parts = min(max(steps * channels // LONG, 1), MOST)
        times = steps // next(count for count in range(parts, 0, -1) if steps % count == 0)
        weights = times * self.kernel.array[..., 0, 0, 0].size * channels * made
        return times if weights * self.dtype.itemsize <= REPEATED else 1

    def _add_one_by_one(
        self, target: Array, source: Array, kernel: Array, steps: Box, buffer: Array
    ) -> None:
        """Add tap to tap; those that lie on padding are zeros, unless the weight is no number."""
        target[...] = 0
        for taps in some_taps(map(range, kernel.shape[:-2])):
            weights = kernel[slices(taps)]
            for pieces in product(*map(Line.pieces_by_tap, self.lines, steps, taps)):
                part = target[(slice(None), *(piece.step for piece in pieces))]
                weight = weights[tuple(piece.tap for piece in pieces)]
                if all(piece.stretch for piece in pieces):
                    term = laid(buffer, part.shape, across=self.source.across)
                    values = source[places_of(pieces)]
                    part += np.multiply(values, weight, out=term, dtype=self.dtype)
                elif not self._is_finite:
                    part += 0 * weight

    @cached_property
    def _is_finite(self) -> Any:
        """Whether zero times any weight is surely zero."""
        return np.isfinite(self.kernel.array.sum(dtype=self.dtype))
