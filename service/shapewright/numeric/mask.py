"""How many taps of each window lie on data, as an array."""

from __future__ import annotations

from functools import reduce
from typing import Final

import numpy as np

from shapewright.arithmetic.dimension import Shape
from shapewright.numeric.blocks import Array
from shapewright.numeric.errors import ArrayTooLarge, CannotRun
from shapewright.numeric.lines import Line, known, lines_of
from shapewright.numeric.pieces import some_taps
from shapewright.numeric.plans import extent
from shapewright.numeric.pooling import count
from shapewright.operations.base import Operation

ITEM: Final = np.dtype(np.int64).itemsize


def taps_on_data(operation: Operation, shape: Shape, limit: int | None = None) -> Array:
    """For each place of the output (without batch and channels) the taps that lie on data.

    Along one axis taps are counted as they are run; windows are products of these.

    Raises:
        ShapeError: the operation does not accept the shape.
        CannotRun: it has no window.
        ArrayTooLarge: the counts take more bytes than the limit.
    """
    outcome = operation.infer((shape,))
    if outcome.window is None:
        raise CannotRun("there is no window whose taps could be counted")
    needed = extent(tuple(known(place.outputs) for place in outcome.window.placements)) * ITEM
    if limit is not None and needed > limit:
        raise ArrayTooLarge("bytes of mask", needed, limit)
    counts = _received if outcome.window.transposed else _read
    return reduce(np.multiply.outer, map(counts, lines_of(outcome)))


def _read(line: Line) -> Array:
    """By step, the taps that stand on data."""
    return count(line, range(line.steps))


def _received(line: Line) -> Array:
    """By place, the taps of all steps that stand there."""
    total = np.zeros(line.size, np.int64)
    for (taps,) in some_taps([range(line.taps)]):
        for piece in line.pieces(range(line.steps), taps):
            if piece.stretch:
                total[piece.stretch] += 1
    return total
