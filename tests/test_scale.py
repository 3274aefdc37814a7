"""Products of sizes and numbers that are no integers, against the machine's own arithmetic."""

from __future__ import annotations

import math
import random

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.arithmetic.scale import scaled

CASES = {
    "rounds up to the integer": (10, 0.7, 7),
    "stays below": (100, 0.29, 28),
    "just under one": (1, math.nextafter(1.0, 0.0), 0),
    "whole": (7, 3.0, 21),
    "nothing": (0, 2.5, 0),
    "to nothing": (3, 0.3, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_scaled(name: str) -> None:
    size, factor, expected = CASES[name]
    assert scaled(size, factor.as_integer_ratio()) == expected


def test_scaled_agrees_with_double_precision() -> None:
    """Near integers above all, where rounding decides."""
    draw = random.Random(0)
    for _ in range(20_000):
        size, whole = draw.randint(1, 5000), draw.randint(1, 5000)
        factor = whole / size
        for near in (factor, math.nextafter(factor, 0), math.nextafter(factor, 9e9)):
            assert scaled(size, near.as_integer_ratio()) == math.floor(size * near)


def test_an_unknown_size_is_kept_by_the_factor_one_alone() -> None:
    assert scaled(UNKNOWN, (3, 2)) is UNKNOWN
    assert scaled(UNKNOWN, (1, 1)) is UNKNOWN
