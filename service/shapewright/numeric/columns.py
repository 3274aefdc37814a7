"""Columns: what each tap of each window stands on, side by side, as the factor of a matrix product.

A plain convolution gathers columns and multiplies them with its kernel; a transposed one multiplies
with the kernel and spreads the columns that come out. Both meet here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod

from shapewright.numeric.blocks import Array, Box, last, lengths
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.lines import Index, Line, Piece, overlays, pieces_of
from shapewright.numeric.signals import Signal

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Columns:
    """A tile of columns: `matrix` is (groups, windows, rows of the kernel).

    `cells` is the same memory as (batch, step, tap, step, tap, ..., groups, channels).
    """

    matrix: Array
    cells: Array

    def gather(self, source: Array, lines: Sequence[Line], steps: Box, taps: Box) -> None:
        """Copy from `source`, (batch, places..., groups, channels), what the taps stand on."""
        axes = pieces_of(lines, steps, taps)
        for axis, pieces in enumerate(axes):
            for piece in pieces:
                if piece.stretch is None:
                    self.cells[(ALL, *(ALL, ALL) * axis, piece.step, piece.tap)] = 0
        for pieces in overlays(axes):
            self.cells[_index(pieces)] = source[places(pieces)]

    def spread(self, target: Array, lines: Sequence[Line], steps: Box, taps: Box) -> None:
        """Add to `target`, (batch, places..., groups, channels), what the taps stand on."""
        for pieces in overlays(pieces_of(lines, steps, taps)):
            target[places(pieces)] += self.cells[_index(pieces)]


def columns(
    buffer: Array,
    groups: int,
    windows: tuple[int, ...],
    rows: tuple[int, ...],
    *,
    taps_first: bool,
    across: bool,
) -> Columns:
    """Columns of (batch, steps...) windows in a buffer.

    `rows` are the kernel's, in its order; with `across` a row lies along the memory, not a window.
    """
    sizes = (groups, *rows, *windows) if across else (groups, *windows, *rows)
    tile = buffer[: prod(sizes)].reshape(sizes)
    long, deep = prod(windows), prod(rows)
    matrix = tile.reshape(groups, deep, long) if across else tile.reshape(groups, long, deep)
    window = 1 + len(rows) * across
    row = 1 + len(windows) * (not across)
    channel, tap = (row + len(rows) - 1, row) if taps_first else (row, row + 1)
    pairs = ((window + axis, tap + axis - 1) for axis in range(1, len(windows)))
    cells = tile.transpose(window, *chain.from_iterable(pairs), 0, channel)
    return Columns(matrix.swapaxes(1, 2) if across else matrix, cells)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Makes the columns of a convolution in a buffer, tile by tile."""

    source: Signal
    lines: tuple[Line, ...]
    kernel: Kernel
    buffer: Array

    def __call__(self, groups: range, windows: Box, rows: Box) -> Array:
        """The columns of a tile of (batch, steps...) windows, for a box of the kernel's rows."""
        batch, *steps = windows
        taps, channels = self.kernel.named(rows)
        made = columns(
            self.buffer,
            len(groups),
            lengths(windows),
            lengths(rows),
            taps_first=self.kernel.taps_first,
            across=self.source.across,
        )
        source = last(self.source.array[batch.start : batch.stop], groups, channels)
        made.gather(source, self.lines, tuple(steps), taps)
        return made.matrix


def _index(pieces: tuple[Piece, ...]) -> tuple[Index, ...]:
    return (ALL, *chain.from_iterable(piece[:2] for piece in pieces))


def places(pieces: tuple[Piece, ...]) -> tuple[slice, ...]:
    """Where a combination of pieces stands, as an index behind the batch axis."""
    return (ALL, *(piece.stretch or ALL for piece in pieces))
