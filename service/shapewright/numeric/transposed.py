"""Transposed convolutions: inputs times kernel, spread over the outputs and added up there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from math import prod
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array, Box, boxes, copied, last, lengths, slices, spans
from shapewright.numeric.columns import columns
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.signals import Signal
from shapewright.numeric.tiling import COLUMNS, PART, PRODUCTS, Tile, Tiling, tiling
from shapewright.numeric.windows import add
from shapewright.numeric.workspace import buffers

SUMS: Final = 1 << 19
"""Bytes of sums that are not made in the output itself."""


@dataclass(frozen=True)
class Transposed:
    """A transposed convolution; its lines step over inputs and stand on outputs.

    Products are made in `dtype`; if they are `exact`, they are added up in the output itself.
    """

    source: Signal
    lines: tuple[Line, ...]
    kernel: Kernel
    bias: Array | None
    dtype: np.dtype[Any]
    exact: bool

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return self._tiling.workspace + (0 if self.exact else SUMS)

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, places..., groups, channels)."""
        if self.exact:
            out[...] = 0 if self.bias is None else self.bias
            self._spread(out)
        else:
            with buffers(self.dtype, SUMS // self.dtype.itemsize) as (sums,):
                for box in boxes(out.shape, sums.size):
                    part = sums[: prod(lengths(box))].reshape(lengths(box))
                    self._making(box).into(part)
                    out[slices(box)] = part

    def _spread(self, out: Array) -> None:
        cells = map(self._tiling.cells, (COLUMNS, PART, PRODUCTS))
        with buffers(self.dtype, *cells) as (made, weights, inputs):
            make = lru_cache(4)(
                partial(columns, made, taps_first=self.kernel.taps_first, across=self.source.across)
            )
            part = lru_cache(1)(partial(self.kernel.part, weights))
            for groups, split, windows, rows in self._tiles(self._tiling.tile):
                taps, channels = self.kernel.named(rows)
                spread = make(len(groups), lengths(windows), lengths(rows))
                left = self._inputs(windows, groups, split, inputs)
                np.matmul(left, part(groups, rows, split).swapaxes(1, 2), out=spread.matrix)
                place = last(out[slices(windows[:1])], groups, channels)
                add(spread.windows, place, self.lines, windows[1:], taps)

    def _inputs(self, windows: Box, groups: range, split: range, buffer: Array) -> Array:
        """A tile of the input as (groups, windows, channels): a view, or copied to the buffer."""
        tile = np.moveaxis(self.source.array[slices((*windows, groups, split))], -2, 0)
        if not self._is_ready:
            tile = copied(tile, buffer)
        return tile.reshape(len(groups), prod(lengths(windows)), len(split))

    def _tiles(self, tile: Tile) -> Iterator[tuple[range, range, Box, Box]]:
        *windows, groups, split = self.source.array.shape
        for group in spans(groups, tile.groups):
            for part in spans(split, tile.split):
                for rows in boxes(self.kernel.rows, tile.depth):
                    for box in boxes(windows, tile.windows):
                        yield group, part, box, rows

    def _making(self, box: Box) -> Transposed:
        """The same convolution as far as it makes a box of the output."""
        batch, *places, groups, channels = box
        reached = [line.within(part) for line, part in zip(self.lines, places, strict=True)]
        steps = [steps for steps, _ in reached]
        source = self.source.array[slices((batch, *steps, groups))]
        kernel = last(self.kernel.array, groups, channels, range(self.kernel.array.shape[-1]))
        return replace(
            self,
            source=replace(self.source, array=source, in_order=False),
            lines=tuple(line for _, line in reached),
            kernel=replace(self.kernel, array=kernel, in_order=False),
            bias=None if self.bias is None else self.bias[slices((groups, channels))],
            exact=True,
        )

    @cached_property
    def _tiling(self) -> Tiling:
        groups, _, split = self.kernel.array.shape[-3:]
        windows, _ = self.source.in_a_row(self.source.array.shape[1:-2])
        return tiling(
            Tile(windows, groups, self.kernel.depth, split),
            self.dtype.itemsize,
            gathers=True,
            copies=not self.kernel.is_ready(self.dtype),
            in_place=self._is_ready,
        )

    @cached_property
    def _is_ready(self) -> bool:
        """Whether inputs can be multiplied where they are."""
        _, in_a_row = self.source.in_a_row(self.source.array.shape[1:-2])
        return in_a_row and self.source.is_ready(self.dtype)
