"""How much of a convolution is done at once, so that it fits the cache and the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final, NamedTuple

ROOM: Final = 13 << 19
"""Bytes of a thread's memory that all matrices share."""

CACHED: Final = 2 << 20
"""Bytes of one matrix at most: more does not stay in the cache until it is used."""


class Tile(NamedTuple):
    """The sizes of one matrix product, in each of some groups.

    `windows` rows of `depth` numbers meet a kernel of `depth` rows and `split` columns.
    """

    windows: int
    groups: int
    depth: int
    split: int

    def cells(self, matrix: tuple[int, ...]) -> int:
        """How many numbers a matrix of these sizes holds."""
        return prod(self[position] for position in matrix)

    def within(self, cells: int, matrices: Sequence[tuple[int, ...]]) -> Tile:
        """The same or less, so that none of the matrices has more cells."""
        sizes = list(self)
        for matrix in matrices:
            for position in matrix:
                others = prod(sizes[other] for other in matrix if other != position)
                fitting = max(cells // max(others, 1), FEWEST[position])
                sizes[position] = min(sizes[position], fitting)
        return Tile(*sizes)


WINDOWS, GROUPS, DEPTH, SPLIT = range(4)

FEWEST: Final = Tile(windows=64, groups=1, depth=1, split=1)
"""Down to what a size is cut; with fewer windows a product is mostly reading the kernel."""

COLUMNS: Final = (WINDOWS, GROUPS, DEPTH)
PART: Final = (GROUPS, DEPTH, SPLIT)
PRODUCTS: Final = (WINDOWS, GROUPS, SPLIT)
"""The sizes of the matrices that meet, columns x part of the kernel = products; first cut first."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """A tile of numbers of `item` bytes, and the kinds of `matrices` that need buffers for it."""

    tile: Tile
    item: int
    matrices: tuple[tuple[int, ...], ...]

    @property
    def is_direct(self) -> bool:
        """Whether a product is the result, and can be written in its place."""
        return PRODUCTS not in self.matrices

    @property
    def workspace(self) -> int:
        """Bytes of all buffers at most: there are two of a kind."""
        return 2 * self.item * sum(map(self.cells, self.matrices))

    def cells(self, matrix: tuple[int, ...]) -> int:
        """How many numbers a buffer for such a matrix has to hold."""
        return self.tile.cells(matrix) if matrix in self.matrices else 0


def tiling(
    whole: Tile, item: int, *, gathers: bool, copies: bool, in_place: bool, room: int = ROOM
) -> Tiling:
    """Tiles of the whole, for numbers of `item` bytes.

    `gathers`: columns are copied, from what they span; `copies`: the kernel is. `in_place`: a
    product over the whole depth could be direct; if it is not, products are added up. All share
    the `room`, in bytes.
    """
    matrices = [COLUMNS] * gathers + [PART] * copies + [PRODUCTS] * (not in_place)
    tile = _fitted(whole, item, matrices, room)
    if in_place and tile.depth < whole.depth:
        matrices.append(PRODUCTS)
        tile = _fitted(whole, item, matrices, room)
    return Tiling(tile, item, tuple(matrices))


def _fitted(whole: Tile, item: int, matrices: Sequence[tuple[int, ...]], room: int) -> Tile:
    share = room // (2 * max(len(matrices), 1))
    return whole.within(min(share, CACHED) // item, matrices)
