"""Columns times kernel, tile by tile, each product written where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from math import gcd, prod
from typing import Any, Final, TypeAlias

import numpy as np

from shapewright.numeric.blocks import Array, Box, boxes, slices, spans
from shapewright.numeric.kernels import Kernel
from shapewright.numeric.signals import flat, unflat
from shapewright.numeric.tiling import PART, PRODUCTS, Tile, Tiling
from shapewright.numeric.workspace import buffers

Columns: TypeAlias = Callable[[range, Box, Box], Array]
"""Makes columns, (groups, windows, rows), for some groups, a tile of windows, some kernel rows."""

AT_ONCE: Final = 64
"""Places at most that get their bias together."""


def multiply(
    columns: Columns,
    kernel: Kernel,
    bias: Array | None,
    out: Array,
    tiling: Tiling,
    dtype: np.dtype[Any],
) -> None:
    """Write columns times kernel to `out`, (batch, steps..., groups, channels), and add the bias.

    Products are made in `dtype`, and rounded to that of `out` when they are complete.
    """
    if not kernel.depth:
        out[...] = 0
    cells = tiling.cells(PRODUCTS)
    with buffers(dtype, cells, cells, tiling.cells(PART)) as (sums, products, buffer):
        part = lru_cache(1)(partial(kernel.part, buffer))
        for groups, split, windows in _tiles(out, tiling.tile):
            place = out[slices((*windows, groups, split))]
            total = flat(place) if tiling.is_direct else _matrices(sums, place.shape)
            for number, rows in enumerate(boxes(kernel.rows, tiling.tile.depth)):
                target = _matrices(products, place.shape) if number else total
                np.matmul(columns(groups, windows, rows), part(groups, rows, split), out=target)
                if number:
                    total += target
            if bias is not None:
                add_bias(total.swapaxes(0, 1), bias[slices((groups, split))])
            if not tiling.is_direct:
                place[...] = unflat(total, place.shape)


def _tiles(out: Array, tile: Tile) -> Iterator[tuple[range, range, Box]]:
    *windows, groups, channels = out.shape
    for group in spans(groups, tile.groups):
        for split in spans(channels, tile.split):
            for box in boxes(windows, tile.windows):
                yield group, split, box


def add_bias(total: Array, bias: Array) -> None:
    """Add the bias to all places of `total`, whose last axes it has.

    Several places get it at once where they lie in a row: numpy is fast along long ones.
    """
    if total.flags.c_contiguous and bias.size:
        times = gcd(total.size // bias.size, AT_ONCE)
        total, bias = total.reshape(-1, times * bias.size), np.tile(bias.reshape(-1), times)
    total += bias


def _matrices(buffer: Array, shape: tuple[int, ...]) -> Array:
    *windows, groups, channels = shape
    return buffer[: prod(shape)].reshape(groups, prod(windows), channels)
