"""How two branches of a merge came to differ, and what would mend it: the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shapewright.arithmetic.dimension import Dimension


@dataclass(frozen=True, slots=True)
class Rounding:
    """A division by a stride that left a rest: it was dropped (down) or filled up (up)."""

    direction: Literal["down", "up"]
    rest: int
    stride: int


@dataclass(frozen=True, slots=True)
class Step:
    """One layer of a branch, and what it did to the axis."""

    name: str
    type: str
    before: Dimension
    after: Dimension
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Branch:
    """An input of the merge: its axis, its size, and its layers since the branches parted."""

    input: str
    axis: int
    size: Dimension
    layers: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that makes the branches fit.

    `target` is the tensor, layer or network input to change, `amount` how many elements to cut,
    add or keep on `axes`, or the size to feed.
    """

    change: Literal["output_padding", "crop", "pad", "input_size"]
    target: str
    axes: tuple[int, ...]
    amount: int
    detail: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """Two branches; `parted_at` is the tensor they have in common, `rounded_by` what split them."""

    parted_at: str | None
    branches: tuple[Branch, Branch]
    rounded_by: Step | None
    repairs: tuple[Repair, ...]
