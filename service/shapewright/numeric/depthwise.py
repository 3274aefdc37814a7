"""Depthwise convolutions, tile by tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shapewright.numeric.blocks import Array, slices
from shapewright.numeric.products import add_bias
from shapewright.numeric.signals import laid, tiles
from shapewright.numeric.taps import REPEATED, Taps
from shapewright.numeric.workspace import buffers

TILE: Final = 1 << 20
"""Bytes of a tile of results at most."""

SPAN: Final = 1 << 21
"""Bytes of what its windows may span."""


@dataclass(frozen=True)
class Depthwise:
    """A convolution each of whose groups has one channel.

    If sums are `exact`, they have the type of the result.
    """

    taps: Taps
    bias: Array | None
    exact: bool

    @property
    def workspace(self) -> int:
        """Bytes that are taken beside the output."""
        return SPAN + TILE + REPEATED

    def into(self, out: Array) -> None:
        """Write the result to `out`, (batch, steps..., channels, made)."""
        dtype, across = self.taps.dtype, self.taps.source.across
        spanned = SPAN // dtype.itemsize
        cells = max(min(TILE // dtype.itemsize, spanned // self.taps.span), 1)
        with buffers(dtype, spanned, 0 if self.exact else cells) as (spans, sums):
            overlay = self.taps.overlay(spans)
            for windows, channels, made in tiles(out.shape, cells, across=across):
                place = out[slices((*windows, channels, made))]
                target = place if self.exact else laid(sums, place.shape, across=across)
                self.taps.into(target, windows, channels, made, overlay)
                if self.bias is not None:
                    add_bias(target, self.bias[slices((channels, made))])
                if not self.exact:
                    place[...] = target
