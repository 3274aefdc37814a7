"""Number types: which are accepted, and in which results come out."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np

DType: TypeAlias = np.dtype[Any]

ACCEPTED: Final = frozenset(
    [*(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)), "f2", "f4", "f8", "c8", "c16"]
)
"""Kind and bytes: integers with and without sign, real and complex numbers."""


def is_accepted(dtype: DType) -> bool:
    """Whether arrays of this type are taken, in either byte order."""
    return f"{dtype.kind}{dtype.itemsize}" in ACCEPTED


def sums_of(dtype: DType) -> DType:
    """The type in which numbers are added up: single precision for half, their own for others."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def averages_of(dtype: DType) -> DType:
    """The type of an average: that of the numbers, or double precision for integers."""
    return np.dtype(np.float64) if dtype.kind in "iu" else dtype


def native(dtype: DType) -> DType:
    """The same type in the byte order of the machine."""
    return dtype.newbyteorder("=")


def lowest(dtype: DType) -> Any:
    """What is not greater than any number of the type: complex ones are ordered as in numpy."""
    if dtype.kind in "iu":
        return np.iinfo(dtype).min
    return -np.inf if dtype.kind == "f" else complex(-np.inf, -np.inf)
