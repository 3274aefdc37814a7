"""Small pieces of sentences: sizes, axes and counts as a person would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from shapewright.arithmetic.dimension import Dimension, is_known

T = TypeVar("T")

AXES: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("length",),
    2: ("height", "width"),
    3: ("depth", "height", "width"),
}
"""What the spatial axes are called, by how many there are."""


def by(sizes: Iterable[Dimension]) -> str:
    """Sizes as `7x7`; a question mark for an unknown one."""
    return "x".join([count(size) for size in sizes])


def count(number: Dimension) -> str:
    """A count with its thousands set apart."""
    return f"{number:,}" if is_known(number) else "?"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def of(number: int, noun: str) -> str:
    """`1 element`, `2 elements`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def grouped(values: Sequence[T]) -> list[tuple[T, list[str]]]:
    """Spatial axes that share a value, by name: `[(3, ["height", "width"])]`."""
    groups: dict[T, list[str]] = {}
    for name, value in zip(AXES[len(values)], values, strict=True):
        groups.setdefault(value, []).append(name)
    return list(groups.items())


def once(values: Sequence[Dimension]) -> str:
    """A value that all axes share, or all of them: `2`, `2x1`."""
    return count(values[0]) if len(set(values)) == 1 else by(values)
