"""Transposed convolutions: inputs times kernel, spread over the outputs and added up there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from math import prod
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array, Box, boxes, last, lengths, slices, spans
from shapewright.numeric.columns import columns
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.signals import Signal, flat
from shapewright.numeric.tiling import COLUMNS, Tile, Tiling, tiling
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
            with buffers(self.dtype, self._tiling.tile.cells(COLUMNS)) as (buffer,):
                self._spread(out, buffer)
        else:
            with buffers(self.dtype, SUMS // self.dtype.itemsize) as (sums,):
                for box in boxes(out.shape, sums.size):
                    part = sums[: prod(lengths(box))].reshape(lengths(box))
                    self._making(box).into(part)
                    out[slices(box)] = part

    def _spread(self, out: Array, buffer: Array) -> None:
        kernel, across = self.kernel, self.source.across
        make = lru_cache(4)(partial(columns, buffer, taps_first=kernel.taps_first, across=across))
        part = lru_cache(1)(partial(kernel.part, self.dtype))
        for groups, split, windows, rows in self._tiles(self._tiling.tile):
            taps, channels = kernel.named(rows)
            inputs = self.source.array[slices((*windows, groups, split))]
            made = make(len(groups), lengths(windows), lengths(rows))
            left = flat(inputs).astype(self.dtype, copy=False)
            np.matmul(left, part(groups, rows, split).swapaxes(1, 2), out=made.matrix)
            place = last(out[slices(windows[:1])], groups, channels)
            add(made.windows, place, self.lines, windows[1:], taps)

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
        windows, in_a_row = self.source.in_a_row(self.source.array.shape[1:-2])
        return tiling(
            Tile(windows, groups, self.kernel.depth, split),
            self.dtype.itemsize,
            gathers=True,
            copies=not self.kernel.is_ready(self.dtype),
            in_place=in_a_row and self.source.is_ready(self.dtype),
        )
