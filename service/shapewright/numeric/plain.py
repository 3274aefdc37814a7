"""Plain convolutions, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from shapewright.numeric.blocks import Array, Box, slices
from shapewright.numeric.columns import Gathering
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.products import multiply
from shapewright.numeric.signals import Signal, flat
from shapewright.numeric.tiling import COLUMNS, ROOM, Tile, Tiling, tiling
from shapewright.numeric.workspace import buffers


@dataclass(frozen=True)
class Plain:
    """A convolution whose columns are gathered, or are the input itself where a tap is a place.

    Products are made in `dtype`; if they are `exact`, they have the type of the result.
    Buffers take as many bytes as there is `room`.
    """

    source: Signal
    lines: tuple[Line, ...]
    kernel: Kernel
    bias: Array | None
    dtype: np.dtype[Any]
    exact: bool
    room: int = ROOM

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return self._tiling.workspace

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., groups, channels)."""
        cells = self._tiling.cells(COLUMNS)
        with buffers(self.dtype, cells, cells) as (made, spanned):
            columns = (
                self._places
                if self._is_pointwise
                else Gathering(self.source, self.lines, self.kernel, made, spanned)
            )
            multiply(columns, self.kernel, self.bias, out, self._tiling, self.dtype)

    @cached_property
    def _tiling(self) -> Tiling:
        groups, _, split = self.kernel.array.shape[-3:]
        windows, in_place = self.source.in_a_row(tuple(line.steps for line in self.lines))
        return tiling(
            Tile(windows, groups, self.kernel.depth, split),
            self.dtype.itemsize,
            gathers=not self._is_pointwise,
            copies=not self.kernel.is_ready(self.dtype),
            in_place=in_place and self.exact,
            room=self.room,
        )

    @cached_property
    def _is_pointwise(self) -> bool:
        """Whether columns can be views: a tap is a place, and places follow each other."""
        steps = tuple(line.steps for line in self.lines)
        plain = all(line.is_plain for line in self.lines)
        return plain and self.source.is_ready(self.dtype) and self.source.in_a_row(steps)[1]

    def _places(self, groups: range, windows: Box, rows: Box) -> Array:
        _, channels = self.kernel.named(rows)
        return flat(self.source.array[slices((*windows, groups, channels))])
