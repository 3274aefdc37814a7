"""Inputs and outputs in either layout, seen one way: `(batch, places..., groups, channels)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from shapewright.numeric.blocks import Array, Box, boxes
from shapewright.numeric.tiling import FEWEST
from shapewright.operations.spatial import Layout


@dataclass(frozen=True, slots=True)
class Signal:
    """An array as `(batch, places..., groups, channels)`.

    `across`: in memory the channels stand before the places, so that a channel lies along it, not
    a place. `in_order`: it lies as its own layout has it, without gaps.
    """

    array: Array
    across: bool
    in_order: bool

    def is_ready(self, dtype: np.dtype[Any]) -> bool:
        """Whether places can be flattened and multiplied where they are."""
        return self.in_order and self.array.dtype == dtype

    def in_a_row(self, steps: tuple[int, ...]) -> tuple[int, bool]:
        """How many windows to take together at most, and whether their results are in a row too.

        Across, samples are not: small ones are taken together all the same.
        """
        batch, sample = len(self.array), prod(steps)
        if not self.across or batch == 1:
            return batch * sample, True
        return (sample, True) if sample >= FEWEST.windows else (batch * sample, False)


def signal(array: Array, layout: Layout, groups: int = 1) -> Signal:
    """The array, whose axes are as the layout says, as a signal."""
    in_order = array.flags.c_contiguous and array.flags.aligned
    return Signal(view(array, layout, groups), not layout.channels_last, in_order)


def view(array: Array, layout: Layout, groups: int = 1) -> Array:
    """The same memory as `(batch, places..., groups, channels)`."""
    ends = array if layout.channels_last else np.moveaxis(array, 1, -1)
    return ends.reshape(*ends.shape[:-1], groups, ends.shape[-1] // max(groups, 1))


def flat(tile: Array) -> Array:
    """A tile, (batch, places..., groups, channels), as (groups, places, channels).

    It is a view where the places follow each other in memory.
    """
    *places, groups, channels = tile.shape
    first = tile.transpose(len(places), *range(len(places)), -1)
    return first.reshape(groups, prod(places), channels)


def unflat(matrices: Array, shape: tuple[int, ...]) -> Array:
    """The other way round, a view."""
    *places, groups, channels = shape
    return matrices.reshape(groups, *places, channels).transpose(*range(1, len(shape) - 1), 0, -1)


def laid(buffer: Array, shape: tuple[int, ...], *, across: bool) -> Array:
    """A tile, (batch, places..., groups, channels), at the beginning of a buffer.

    Its places, and its groups and channels, can be flattened; across, the places lie innermost.
    """
    cells = buffer[: prod(shape)]
    if not across:
        return cells.reshape(shape)
    *places, groups, channels = shape
    return np.moveaxis(cells.reshape(groups, channels, *places), (0, 1), (-2, -1))


def tiles(
    shape: tuple[int, ...], cells: int, *, across: bool
) -> Iterator[tuple[Box, range, range]]:
    """Tiles of (batch, places..., groups, channels) that are one run of memory each."""
    if across:
        batch, *places, groups, channels = shape
        for sample, group, channel, *place in boxes((batch, groups, channels, *places), cells):
            yield (sample, *place), group, channel
    else:
        for *place, group, channel in boxes(shape, cells):
            yield tuple(place), group, channel
