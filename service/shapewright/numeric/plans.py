"""What a run will make, take and do: known before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Protocol

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import DType
from shapewright.numeric.errors import ArrayTooLarge


class Job(Protocol):
    """An operation with its arrays, ready to run."""

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, places..., groups, channels)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a run may do: bytes of its output, and multiply-adds."""

    output_bytes: int
    multiply_adds: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that could begin.

    `shape` and `dtype` are those of the output; `multiply_adds` are counted for the whole batch, a
    pool's comparisons and additions among them. `seen` is the output as the job writes it.
    """

    shape: tuple[int, ...]
    dtype: DType
    multiply_adds: int
    job: Job
    seen: Callable[[Array], Array]

    @property
    def output_elements(self) -> int:
        """How many numbers come out."""
        return prod(self.shape)

    @property
    def output_bytes(self) -> int:
        """How many bytes they take."""
        return self.output_elements * self.dtype.itemsize

    @property
    def workspace_bytes(self) -> int:
        """How many bytes are taken beside them at most, while the run lasts."""
        return self.job.workspace

    def check(self, limits: Limits) -> None:
        """Insist on the limits; an empty axis counts as one element.

        Raises:
            ArrayTooLarge: the run would go beyond one of them.
        """
        for what, needed, limit in (
            ("bytes of output", extent(self.shape) * self.dtype.itemsize, limits.output_bytes),
            ("multiply-adds", self.multiply_adds, limits.multiply_adds),
        ):
            if needed > limit:
                raise ArrayTooLarge(what, needed, limit)

    def run(self) -> Array:
        """The output, newly allocated; what overflows or is no number says so by its value."""
        out = np.empty(self.shape, self.dtype)
        with np.errstate(all="ignore"):
            self.job.into(self.seen(out))
        return out


def extent(shape: tuple[int, ...]) -> int:
    """How many elements there are if an empty axis counts as one, so that none can be huge."""
    return prod(max(size, 1) for size in shape)
