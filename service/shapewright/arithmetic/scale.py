"""Sizes times numbers that are no integers, exactly as a machine with finite precision has them."""

from __future__ import annotations

from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import Dimension, is_known

Ratio: TypeAlias = tuple[int, int]
"""A dividend and a positive divisor."""

DOUBLE: Final = 53
"""Significant bits of a number in double precision (IEEE 754)."""


def scaled(size: Dimension, ratio: Ratio, bits: int = DOUBLE) -> Dimension:
    """`floor(size * ratio)`, the product first rounded to `bits` significant bits.

    Rounding reaches the next integer from at most half a last bit below it; half-way cases go to
    the even neighbour, which the integer is. So 10 * 0.7 is 7, though that 0.7 is below 7 / 10.
    """
    dividend, divisor = ratio
    if not is_known(size):
        return size if dividend == divisor else size * dividend // divisor
    below = size * dividend // divisor
    missing = (below + 1) * divisor - size * dividend
    half_last_bit = bits - below.bit_length() + 1
    return below + 1 if missing << max(half_last_bit, 0) <= divisor else below
