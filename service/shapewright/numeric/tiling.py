"""How much of a convolution is done at once, so that it fits the cache and the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Final, NamedTuple

WORKSPACE: Final = 8 << 20
"""Bytes that a run may take beside its output, whatever the sizes."""

BUDGET: Final = 5 << 18
"""Bytes for one buffer; no run has more than six at once."""


class Tile(NamedTuple):
    """The sizes of one matrix product, in each of some groups.

    `windows` rows of `depth` numbers meet a kernel of `depth` rows and `split` columns.
    """

    windows: int
    groups: int
    depth: int
    split: int

    def cells(self, buffer: tuple[int, ...]) -> int:
        """How many numbers a buffer of these sizes holds."""
        return prod(self[position] for position in buffer)

    def holding(self, buffer: tuple[int, ...], item: int) -> Tile:
        """The same or less, so that a buffer of `item` bytes a number keeps to the budget."""
        sizes = list(self)
        for position in buffer:
            others = prod(sizes[other] for other in buffer if other != position)
            fitting = BUDGET // item // max(others, 1)
            sizes[position] = min(sizes[position], max(fitting, FEWEST[position]))
        return Tile(*sizes)


WINDOWS, GROUPS, DEPTH, SPLIT = range(4)

FEWEST: Final = Tile(windows=64, groups=1, depth=1, split=1)
"""Down to what a size is cut; with fewer windows a product is mostly reading the kernel."""

COLUMNS: Final = (WINDOWS, GROUPS, DEPTH)
PART: Final = (GROUPS, DEPTH, SPLIT)
PRODUCTS: Final = (WINDOWS, GROUPS, SPLIT)
"""The sizes of the matrices that meet: columns x part of the kernel = products; first cut first."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """A tile, and whether its product is `direct`: the result, which can be written in its place.

    `workspace` are the bytes that the buffers take.
    """

    tile: Tile
    direct: bool
    workspace: int


def tiling(whole: Tile, item: int, *, gathers: bool, copies: bool, in_place: bool) -> Tiling:
    """Tiles of the whole, for numbers of `item` bytes.

    `gathers`: the columns need a buffer; `copies`: the kernel does, of which the last part is kept
    while the next is copied; `in_place`: a product over the whole depth could be direct. If it is
    not, products are added up in a second buffer.
    """
    tile = whole
    if gathers:
        tile = tile.holding(COLUMNS, item)
    if copies:
        tile = tile.holding(PART, item)
    direct = in_place and tile.depth == whole.depth
    if not direct:
        tile = tile.holding(PRODUCTS, item)
    cells = (
        gathers * tile.cells(COLUMNS)
        + 2 * copies * tile.cells(PART)
        + 2 * (not direct) * tile.cells(PRODUCTS)
    )
    return Tiling(tile, direct, cells * item)
