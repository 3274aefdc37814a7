"""Columns: what each tap of each window stands on, side by side, as the factor of a matrix product.

A plain convolution copies windows to columns and multiplies them with its kernel; a transposed one
multiplies with the kernel and adds the windows that come out. Both meet here.
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import chain
from math import prod
from typing import NamedTuple

from shapewright.numeric.blocks import Array, Box, copy_runs, lengths
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Line
from shapewright.numeric.signals import Signal
from shapewright.numeric.windows import Overlay, copy


class Columns(NamedTuple):
    """A tile of columns as a `matrix`, (groups, windows, rows of the kernel).

    `windows` is the same memory as (batch, step, tap, step, tap, ..., groups, channels).
    """

    matrix: Array
    windows: Array


def columns(
    buffer: Array,
    groups: int,
    windows: tuple[int, ...],
    rows: tuple[int, ...],
    *,
    taps_first: bool,
    across: bool,
) -> Columns:
    """Columns of (batch, steps...) windows in a buffer, for `rows` of a kernel in its own order.

    With `across` a row of the kernel lies along the memory, not a window.
    """
    sizes = (groups, *rows, *windows) if across else (groups, *windows, *rows)
    cells = buffer[: prod(sizes)].reshape(sizes)
    long, deep = prod(windows), prod(rows)
    matrix = cells.reshape(groups, *((deep, long) if across else (long, deep)))
    step = 1 + len(rows) * across
    row = 1 + len(windows) * (not across)
    channel, tap = (row + len(rows) - 1, row) if taps_first else (row, row + 1)
    pairs = ((step + axis, tap + axis - 1) for axis in range(1, len(windows)))
    laid = cells.transpose(step, *chain.from_iterable(pairs), 0, channel)
    return Columns(matrix.swapaxes(1, 2) if across else matrix, laid)


class Gathering:
    """Makes the columns of a convolution tile by tile; a buffer for them and one for an overlay."""

    def __init__(
        self,
        source: Signal,
        lines: tuple[Line, ...],
        kernel: Kernel,
        made: Array,
        spanned: Array,
    ) -> None:
        self.kernel, self.lines = kernel, lines
        self.overlay = Overlay(source, lines, spanned)
        self._columns = lru_cache(4)(
            partial(columns, made, taps_first=kernel.taps_first, across=source.across)
        )

    def __call__(self, groups: range, tile: Box, rows: Box) -> Array:
        """The columns of a tile of (batch, steps...) windows, for a box of the kernel's rows."""
        taps, channels = self.kernel.named(rows)
        made = self._columns(len(groups), lengths(tile), lengths(rows))
        windows = self.overlay.windows(tile, taps, groups, channels)
        if windows is None:
            part = self.overlay.part(tile[0], groups, channels)
            copy(made.windows, part, self.lines, tile[1:], taps)
        else:
            copy_runs(made.windows, windows)
        return made.matrix
