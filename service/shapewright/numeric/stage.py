"""What minimal filtering makes on the way: data with its padding, terms, columns and products."""

from __future__ import annotations

import numpy as np

from shapewright.numeric.blocks import Array, runs
from shapewright.numeric.columns import columns
from shapewright.numeric.lines import Line
from shapewright.numeric.minimal import OUTPUTS, Filter
from shapewright.numeric.plain import Plain
from shapewright.numeric.products import add_bias
from shapewright.numeric.signals import flat, laid
from shapewright.numeric.windows import copy_places, strided


class Stage:
    """Views of the buffers for so many samples, and so many pairs of outputs of each.

    They are the same for many tiles, so they are made once.
    """

    def __init__(
        self,
        plain: Plain,
        kind: Filter,
        factors: Array,
        made: list[Array],
        samples: int,
        pairs: int,
    ) -> None:
        self.plain, self.filter = plain, kind
        padded, data, copied, products = made
        across, lines = plain.source.across, plain.lines[1:]
        self._spans = spans(lines)
        places, steps = tuple(s.steps for s in self._spans), tuple(line.steps for line in lines)
        *taps, mixed, split = factors.shape[1:]
        rows = OUTPUTS * pairs + kind.taps - 1
        self._padded = laid(padded, (samples, rows, *places, 1, mixed), across=across)
        layers = (kind.products, samples, pairs)
        self._terms = laid(data, (*layers, *places, 1, mixed), across=across)
        self._products = laid(products, (*layers, *steps, 1, split), across=across)
        self._target = flat(_grouped(self._products))
        self._factors = factors.reshape(kind.products, -1, split)
        made_ = columns(
            copied,
            kind.products,
            (samples, pairs, *steps),
            (1, *taps, mixed),
            taps_first=True,
            across=across,
        )
        self._matrix = made_.matrix
        self._copy = runs(made_.windows, _windows(_grouped(self._terms), lines))

    def products(self, batch: range, steps: range) -> Array:
        """The products, (products, pairs, batch, steps..., 1, channels), with the bias in m1."""
        data = self.plain.source.array[batch.start : batch.stop]
        span = self.plain.lines[0].around(steps, range(self.filter.taps))
        self._padded[:, span.steps :] = 0
        copy_places(self._padded[:, : span.steps], data, (span, *self._spans))
        self.filter.spread(self._padded.swapaxes(0, 1), self._terms.swapaxes(1, 2))
        copy, source = self._copy
        copy[...] = source
        np.matmul(self._matrix, self._factors, out=self._target)
        if self.plain.bias is not None:
            add_bias(self._target[1], self.plain.bias[0])
        return self._products.swapaxes(1, 2)


def spans(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What all windows span along each axis, padding and all."""
    return tuple(line.around(range(line.steps), range(line.taps)) for line in lines)


def _grouped(layers: Array) -> Array:
    """Layers, (products, ..., 1, channels), as groups, (..., products, channels)."""
    return layers[..., 0, :].transpose(*range(1, layers.ndim - 2), 0, -1)


def _windows(terms: Array, lines: tuple[Line, ...]) -> Array:
    """Windows of one tap along the first axis, and of the lines along the others."""
    first = Line(terms.shape[1], terms.shape[1], 1, 1, 1, 0)
    steps = tuple(range(line.steps) for line in (first, *lines))
    taps = tuple(range(line.taps) for line in (first, *lines))
    return strided(terms, (first, *lines), steps, taps)
