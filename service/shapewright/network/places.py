"""Places in a network, and what they see or reach: the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
"""First and last index, both included."""


Place: TypeAlias = tuple[str, tuple[int, ...]]
"""A layer or a network input, and an index for each of its axes that a receptive field has."""


@dataclass(frozen=True, slots=True)
class Region:
    """What a position sees of one input, by axis; `None` where nobody can tell.

    `unclipped` may reach past the input; `clipped` is what is left inside, `()` if nothing is.
    """

    unclipped: tuple[Interval | None, ...]
    clipped: tuple[Interval | tuple[()] | None, ...]


@dataclass(frozen=True, slots=True)
class LookBack:
    """What one output position of a layer sees of each input that it depends on."""

    layer: str
    position: tuple[int, ...]
    sees: Mapping[str, Region]


@dataclass(frozen=True, slots=True)
class Reached:
    """Which outputs of a layer see an input position, by axis of the position.

    `()` is none of them; `None` is all of them, or more than can be told.
    """

    layer: str
    outputs: tuple[Interval | tuple[()] | None, ...]


@dataclass(frozen=True, slots=True)
class LookAhead:
    """Which outputs of every layer one position of a network input reaches."""

    input: str
    position: tuple[int, ...]
    reaches: tuple[Reached, ...]
