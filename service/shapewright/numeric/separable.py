"""Separable convolutions: a depthwise one whose results are the columns of a pointwise one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from shapewright.numeric.blocks import Array, Box, lengths
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.products import multiply
from shapewright.numeric.signals import laid
from shapewright.numeric.taps import Taps
from shapewright.numeric.tiling import COLUMNS, Tile, Tiling, tiling


@dataclass(frozen=True)
class Separable:
    """Both at once, tile by tile: what lies between them is never there as a whole.

    The rows of the pointwise `kernel` are pairs of a channel and what is made of it.
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
        between, buffer = np.empty((2, self._tiling.tile.cells(COLUMNS)), self.dtype)
        overlay = self.taps.overlay(buffer)
        across = self.taps.source.across

        def columns(_: range, windows: Box, rows: Box) -> Array:
            (channels,), made = self.kernel.named(rows)
            results = laid(between, lengths((*windows, channels, made)), across=across)
            self.taps.into(results, windows, channels, made, overlay)
            return results.reshape(1, prod(lengths(windows)), prod(lengths(rows)))

        multiply(columns, self.kernel, self.bias, out, self._tiling, self.dtype)

    @cached_property
    def _tiling(self) -> Tiling:
        taps, kernel = self.taps, self.kernel
        windows, in_place = taps.source.in_a_row(tuple(line.steps for line in taps.lines))
        return tiling(
            Tile(windows, 1, kernel.depth, kernel.array.shape[-1]),
            self.dtype.itemsize,
            gathers=True,
            copies=not kernel.is_ready(self.dtype),
            in_place=in_place and self.exact,
        )
