"""Kernels in either layout, seen one way: `(taps..., groups, mixed, split)`.

A kernel has one channel axis that the groups divide among themselves, `split` in each, and one of
which every group has all, `mixed`. A plain convolution reads the mixed channels of its group and
makes the split ones; a transposed one, which is its gradient, reads the split and makes the mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import prod
from typing import Any

import numpy as np

from shapewright.numeric.blocks import Array, Box, copied, lengths, slices


class KernelLayout(Enum):
    """Where a kernel's axes stand in its array."""

    TAPS_FIRST = "taps, mixed channels, split channels of all groups"
    CHANNELS_FIRST = "split channels of all groups, mixed channels, taps"

    def shape(
        self, taps: tuple[int, ...], groups: int, mixed: int, split: int, *, depthwise: bool
    ) -> tuple[int, ...]:
        """The shape of the array; a depthwise kernel may lay its groups where others mix."""
        if self is KernelLayout.CHANNELS_FIRST:
            return (groups * split, mixed, *taps)
        return (*taps, groups, split) if depthwise else (*taps, mixed, groups * split)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel as `(taps..., groups, mixed, split)`; `taps_first` tells how it lies in memory.

    In each group it is a matrix whose rows stand for pairs of a tap and a mixed channel. It is
    `in_order` if that matrix lies in memory as it is.
    """

    array: Array
    taps_first: bool
    in_order: bool

    @property
    def rows(self) -> tuple[int, ...]:
        """The sizes of what a row of the matrix stands for, in the order of memory."""
        *taps, _, mixed, _ = self.array.shape
        return (*taps, mixed) if self.taps_first else (mixed, *taps)

    @property
    def depth(self) -> int:
        """How many rows the matrix has."""
        return prod(self.rows)

    def by_channel(self, made: int) -> Kernel:
        """A kernel of one tap whose rows are pairs of a channel and what was `made` of it."""
        mixed, split = self.array.shape[-2:]
        array = self.array.reshape(mixed // max(made, 1), 1, made, split)
        return Kernel(array, True, self.in_order)

    def named(self, rows: Box) -> tuple[Box, range]:
        """The taps and the mixed channels of a box of rows."""
        return (rows[:-1], rows[-1]) if self.taps_first else (rows[1:], rows[0])

    def is_ready(self, dtype: np.dtype[Any]) -> bool:
        """Whether matrices of this type can be views of the array."""
        return self.in_order and self.array.dtype == dtype

    def part(self, buffer: Array, groups: range, rows: Box, split: range) -> Array:
        """The matrices `(groups, rows, split)`: views, or copied to the buffer and its type."""
        taps, mixed = self.named(rows)
        part = self.array[slices((*taps, groups, mixed, split))]
        rank = len(taps)
        order = (*range(rank), rank + 1) if self.taps_first else (rank + 1, *range(rank))
        part = part.transpose(rank, *order, rank + 2)
        if not self.is_ready(buffer.dtype):
            part = copied(part, buffer)
        return part.reshape(len(groups), prod(lengths(rows)), len(split))


def kernel(
    array: Array, layout: KernelLayout, taps: tuple[int, ...], groups: int, mixed: int, split: int
) -> Kernel:
    """The array, which has the layout's shape, as a kernel of these sizes; a view of it."""
    rank = len(taps)
    in_order = array.flags.c_contiguous and array.flags.aligned
    if layout is KernelLayout.TAPS_FIRST:
        cut = array.reshape(*taps, mixed, groups, split)
        return Kernel(np.moveaxis(cut, rank + 1, rank), True, in_order)
    cut = array.reshape(groups, split, mixed, *taps)
    return Kernel(cut.transpose(*range(3, rank + 3), 0, 2, 1), False, in_order)
