"""A dimension is a positive integer, or unknown.

Rules are written with `+ - * // %` and the functions below, and never ask what kind of dimension
they hold: `UNKNOWN` takes part in arithmetic and absorbs it. A symbolic dimension can join as a
third kind by defining the same operators.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any, Final, TypeAlias, TypeGuard, final


@final
class Unknown:
    """A size that the caller left open; there is one instance, `UNKNOWN`.

    Two unknown sizes need not be equal, so no function below calls them equal or different.
    """

    __slots__ = ()

    def _absorb(self, _: int | Unknown) -> Unknown:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = _absorb
    __floordiv__ = __rfloordiv__ = __rmod__ = _absorb

    def __mul__(self, other: int | Unknown) -> int | Unknown:
        """Nothing is nothing, however often."""
        return 0 if other == 0 else self

    __rmul__ = __mul__

    def __mod__(self, divisor: int | Unknown) -> int | Unknown:
        """Every integer leaves 0 when divided by 1: the residue of an open size can be certain."""
        return 0 if divisor == 1 else self

    def __neg__(self) -> Unknown:
        return self

    def __repr__(self) -> str:
        return "unknown"

    def __reduce__(self) -> str:
        """Stay the one instance through copy and pickle."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()

Dimension: TypeAlias = int | Unknown
Shape: TypeAlias = tuple[Dimension, ...]
Shapes: TypeAlias = tuple[Shape, ...]


def is_known(dimension: Dimension) -> TypeGuard[int]:
    """Whether the dimension is a plain integer."""
    return dimension is not UNKNOWN


def all_known(dimensions: Iterable[Dimension]) -> bool:
    """Whether every dimension is a plain integer."""
    return all(is_known(dimension) for dimension in dimensions)


def certainly_differ(one: Dimension, other: Dimension) -> bool:
    """Whether the two can never be equal, whatever is unknown about them."""
    return is_known(one) and is_known(other) and one != other


def certainly_equal(one: Dimension, other: Dimension) -> bool:
    """Whether the two are equal, whatever is unknown about them."""
    return is_known(one) and is_known(other) and one == other


def certainly_below(dimension: Dimension, bound: Dimension) -> bool:
    """Whether `dimension < bound` whatever is unknown about them."""
    return is_known(dimension) and is_known(bound) and dimension < bound


def ceil_div(dividend: Dimension, divisor: int) -> Dimension:
    """`ceil(dividend / divisor)` for a positive divisor."""
    return -(-dividend // divisor)


def product(dimensions: Iterable[Dimension]) -> Dimension:
    """The product of the dimensions, 1 for none; unknown as soon as one of them is."""
    return prod(dimensions)


def refine(one: Dimension, other: Dimension) -> Dimension:
    """What is known of a size that two places agree on: the known one of the two."""
    return one if is_known(one) else other


def show(shape: Any) -> str:
    """A shape, a dimension or nested ones as text for a message: `(?, 224, 224, 3)`."""
    if isinstance(shape, (tuple, list)):
        inner = ", ".join(show(item) for item in shape)
        return f"({inner},)" if len(shape) == 1 else f"({inner})"
    return "?" if isinstance(shape, Unknown) else str(shape)
