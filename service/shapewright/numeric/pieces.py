"""Windows along one axis in pieces, each of which is a slice of steps or of taps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final, NamedTuple, Protocol, TypeAlias

AT_ONCE: Final = 1024
"""How many taps of an axis are looked at together, so that their pieces take little memory."""

Index: TypeAlias = int | slice


class Piece(NamedTuple):
    """One tap at several steps, or several taps at one step, and the stretch where they stand.

    `step` and `tap` count from the first of those that were asked for; `stretch` is `None` where
    they stand on padding that holds zeros.
    """

    step: Index
    tap: Index
    stretch: slice | None

    @property
    def taps(self) -> int:
        """How many taps it has of each of its windows."""
        return 1 if isinstance(self.tap, int) else self.tap.stop - self.tap.start


class Axis(Protocol):
    """The windows along one axis."""

    @property
    def steps(self) -> int:
        """How many windows there are."""

    def on_data(self, steps: range) -> range:
        """The taps that may stand on data at these steps."""

    def pieces(self, steps: range, taps: range) -> tuple[Piece, ...]:
        """All of these taps at all of these steps."""


def some_taps(axes: Iterable[range]) -> Iterator[tuple[range, ...]]:
    """The taps along all axes, not too many at a time."""
    return product(
        *(
            [range(first, min(first + AT_ONCE, taps.stop)) for first in taps[::AT_ONCE]]
            for taps in axes
        )
    )


def pieces_of(
    axes: Iterable[Axis], steps: Iterable[range], taps: Iterable[range]
) -> list[tuple[Piece, ...]]:
    """The pieces along each axis."""
    return [axis.pieces(*ranges) for axis, *ranges in zip(axes, steps, taps, strict=True)]


def overlays(axes: Iterable[Iterable[Piece]]) -> Iterator[tuple[Piece, ...]]:
    """The combinations of pieces, one along each axis, that stand on data."""
    return product(*([piece for piece in pieces if piece.stretch] for pieces in axes))
