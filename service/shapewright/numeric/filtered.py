"""Plain convolutions by minimal filtering along the first axis of places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from math import prod
from typing import Final

import numpy as np

from shapewright.numeric.blocks import Array, boxes
from shapewright.numeric.minimal import FILTERS, OUTPUTS, Filter
from shapewright.numeric.plain import Plain
from shapewright.numeric.stage import Stage, spans
from shapewright.numeric.workspace import buffers

WORTH: Final = 90
"""How many multiply-adds take as long as what is done to each number beside them."""


def fastest(plain: Plain) -> Plain | Filtered:
    """The convolution, by minimal filtering if that can be done and takes less time.

    Only in single precision: others are exact, or expected to be as near as they can.
    """
    first, kernel = plain.lines[0], plain.kernel.array
    found = FILTERS.get(first.taps)
    if (
        found is None
        or first.stride * first.dilation > 1
        or not plain.exact
        or plain.dtype != np.float32
        or kernel.shape[-3] > 1
    ):
        return plain
    filtered = Filtered(plain, found)
    return filtered if filtered.is_worth_it else plain


@dataclass(frozen=True)
class Filtered:
    """A convolution of one group; the products of the filter are groups, of one tap each."""

    plain: Plain
    filter: Filter

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return max(self.plain.room, self.plain.workspace)

    @property
    def is_worth_it(self) -> bool:
        """Whether the workspace holds what it takes, and saved multiply-adds outweigh the rest."""
        plain, kernel = self.plain, self.plain.kernel.array
        windows = len(plain.source.array) * prod(line.steps for line in plain.lines)
        touched = plain.source.array.size + kernel.size + windows * kernel.shape[-1]
        return self._limit > 0 and windows * kernel.size > WORTH * touched

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., 1, channels); plainly if it is not finite.

        So what overflows on the way, and what is made of numbers that are none, is as it should be.
        """
        if not self._make(out):
            self.plain.into(out)

    def _make(self, out: Array) -> bool:
        """Write the result, as long as it is finite."""
        cells = (self._limit * size for size in self._per_pair)
        with buffers(self.plain.dtype, self._factors, *cells) as (factors, *made):
            stage = lru_cache(2)(
                partial(Stage, self.plain, self.filter, self._weigh(factors), made)
            )
            for batch, pairs in boxes((len(out), self._pairs), self._limit):
                steps = range(OUTPUTS * pairs.start, min(OUTPUTS * pairs.stop, out.shape[1]))
                place = out[batch.start : batch.stop, steps.start : steps.stop]
                products = stage(len(batch), len(pairs)).products(batch, steps)
                self.filter.collect(products, place.swapaxes(0, 1))
                if not np.isfinite(place.sum()):
                    return False
        return True

    def _weigh(self, buffer: Array) -> Array:
        """The factors that stand for the kernel, (products, taps..., mixed, split).

        Split channels stand first in memory where they do in the kernel: that is faster.
        """
        kernel = self.plain.kernel.array[..., 0, :, :]
        _, *rows, split = kernel.shape
        if kernel.strides[-1] == kernel.itemsize:
            factors = buffer.reshape(-1, *rows, split)
        else:
            factors = np.moveaxis(buffer.reshape(-1, split, *rows), 1, -1)
        self.filter.weigh(kernel, factors)
        return factors

    @property
    def _pairs(self) -> int:
        return -(-self.plain.lines[0].steps // OUTPUTS)

    @property
    def _factors(self) -> int:
        return self.plain.kernel.array.size // self.filter.taps * self.filter.products

    @cached_property
    def _limit(self) -> int:
        """How many pairs of outputs are made at once."""
        cells = self.plain.room // self.plain.dtype.itemsize - self._factors
        return cells // (sum(self._per_pair) or 1)

    @cached_property
    def _per_pair(self) -> tuple[int, ...]:
        """Numbers of padded data, of both sides of the products, and of products, for a pair."""
        _, *taps, _, mixed, split = self.plain.kernel.array.shape
        lines = self.plain.lines[1:]
        spanned = mixed * prod(span.steps for span in spans(lines))
        windows = prod(line.steps for line in lines)
        sizes = (spanned, spanned, windows * prod(taps) * mixed, windows * split)
        return tuple(self.filter.products * size for size in sizes)
