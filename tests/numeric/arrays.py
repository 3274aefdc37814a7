"""Random arrays of every type, order and byte order, and how near results have to be."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

INTEGERS = [f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)]
DTYPES = [*INTEGERS, "f2", "f4", "f8", "c8", "c16"]
BYTE_ORDERS = "<>"

ROUNDING = {"e": 1e-3, "f": 1e-6, "d": 1e-14, "F": 1e-6, "D": 1e-14}
"""By the character of a type: how much a result may be off, as a part of its largest term."""


def filled(shape: tuple[int, ...], dtype: str, seed: int, order: str = "C") -> Any:
    """An array of numbers of a type: standard normal ones, but integers from all there are."""
    random, kind = np.random.default_rng(seed), np.dtype(dtype)
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        numbers: Any = random.integers(
            limits.min, limits.max, shape, kind.newbyteorder("="), endpoint=True
        )
    else:
        numbers = random.standard_normal(shape)
        if kind.kind == "c":
            numbers = numbers + 1j * random.standard_normal(shape)
    return np.array(numbers, kind, order=order)  # type: ignore[call-overload]


@st.composite
def kinds(draw: st.DrawFn) -> list[str]:
    """Types for the input, the kernel and the bias: mostly the same one."""
    dtype = st.builds(str.__add__, st.sampled_from(BYTE_ORDERS), st.sampled_from(DTYPES))
    same = draw(dtype)
    mixed = st.lists(dtype.filter(lambda name: "f2" not in name), min_size=3, max_size=3)
    return draw(st.one_of(st.just([same] * 3), mixed))


def assert_near(result: Any, expected: Any, terms: float) -> None:
    """Equality of integers; other numbers may be off by rounding a sum of terms up to `terms`."""
    assert result.shape == expected.shape
    if result.dtype.kind in "iu":
        np.testing.assert_array_equal(result, expected)
    else:
        off = np.abs(result - expected.astype(result.dtype)).max(initial=0)
        assert off <= ROUNDING[result.dtype.char] * terms, (off, terms)
