"""Separable convolutions: a depthwise one whose results are the columns of a pointwise one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from math import prod
from typing import Any

import numpy as np

from shapewright.numeric.blocks import Array, Box, lengths
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.products import multiply
from shapewright.numeric.signals import laid
from shapewright.numeric.taps import Taps
from shapewright.numeric.tiling import COLUMNS, Tile, Tiling, tiling
from shapewright.numeric.windows import Overlay
from shapewright.numeric.workspace import buffers


@dataclass(frozen=True)
class Separable:
    """Both at once, tile by tile: what lies between them is never there as a whole.

    The rows of the pointwise `kernel` are pairs of a channel and what is made of it. Tiles are
    small enough for what their windows span.
    """

    taps: Taps
    kernel: Kernel
    bias: Array | None
    dtype: np.dtype[Any]
    exact: bool

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return self._tiling.workspace

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., 1, channels)."""
        cells = self._tiling.cells(COLUMNS)
        with buffers(self.dtype, cells, cells * self.taps.span) as (between, spans):
            columns = partial(self._columns, between, self.taps.overlay(spans))
            multiply(columns, self.kernel, self.bias, out, self._tiling, self.dtype)

    def _columns(
        self, between: Array, overlay: Overlay, groups: range, windows: Box, rows: Box
    ) -> Array:
        """The depthwise results of a tile, as the one group that the pointwise kernel has."""
        (channels,), made = self.kernel.named(rows)
        shape = lengths((*windows, channels, made))
        results = laid(between, shape, across=self.taps.source.across)
        self.taps.into(results, windows, channels, made, overlay)
        return results.reshape(len(groups), prod(lengths(windows)), prod(lengths(rows)))

    @cached_property
    def _tiling(self) -> Tiling:
        taps, kernel = self.taps, self.kernel
        windows, in_place = taps.source.in_a_row(tuple(line.steps for line in taps.lines))
        return tiling(
            Tile(windows, 1, kernel.depth, kernel.array.shape[-1]),
            self.dtype.itemsize * taps.span,
            gathers=True,
            copies=not kernel.is_ready(self.dtype),
            in_place=in_place and self.exact,
        )
