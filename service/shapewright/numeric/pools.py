"""Plans of pools: where their windows lie, what they make of them, what an average divides by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import gcd, prod
from typing import Final

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import averages_of, lowest, native, sums_of
from shapewright.numeric.errors import CannotRun
from shapewright.numeric.given import Given
from shapewright.numeric.lines import Line, known, lines_of
from shapewright.numeric.parts import Parts
from shapewright.numeric.pieces import Axis
from shapewright.numeric.plans import Plan
from shapewright.numeric.pooling import Pool
from shapewright.numeric.signals import signal, view
from shapewright.operations.base import Outcome
from shapewright.operations.pooling import AdaptivePooling, GlobalPooling, Pooling
from shapewright.operations.spatial import Layout

STEP: Final = 1000
"""Cutting out one part of an adaptive pool takes as long as so many additions."""


def pooling(operation: Pooling, given: Given) -> Plan:
    """A pool by a window that slides."""
    given.only()
    outcome = operation.infer((given.input.shape,))
    lines = lines_of(outcome)
    counted = _padded(lines, outcome) if operation.count_include_pad else lines
    pool = _pool(operation, given, lines, counted, operation.divisor)
    adds = prod(line.steps * min(line.taps, line.size) for line in lines)
    return _plan(given, outcome, pool, adds, partial(view, layout=operation.layout))


def global_pooling(operation: GlobalPooling, given: Given) -> Plan:
    """A pool by one window that covers all there is."""
    given.only()
    outcome = operation.infer((given.input.shape,))
    sizes = _sizes(operation.layout, given)
    lines = tuple(Line(size, 1, size, 1, 1, 0) for size in sizes)
    pool = _pool(operation, given, lines, lines)
    point = (len(given.input), *(1 for _ in sizes), 1, pool.source.array.shape[-1])
    return _plan(given, outcome, pool, prod(sizes), lambda out: out.reshape(point))


def adaptive_pooling(operation: AdaptivePooling, given: Given) -> Plan:
    """A pool of parts; where these overlap, elements count twice."""
    given.only()
    outcome = operation.infer((given.input.shape,))
    parts = tuple(
        Parts(size, size if wanted is None else wanted)
        for size, wanted in zip(
            _sizes(operation.layout, given), operation.output_sizes, strict=True
        )
    )
    adds = prod(part.size + part.steps - gcd(part.size, part.steps) for part in parts)
    adds += STEP * prod(part.steps for part in parts)
    pool = _pool(operation, given, parts, parts)
    return _plan(given, outcome, pool, adds, partial(view, layout=operation.layout))


def _pool(
    operation: Pooling | GlobalPooling | AdaptivePooling,
    given: Given,
    axes: tuple[Axis, ...],
    counted: tuple[Axis, ...],
    divisor: int | None = None,
) -> Pool:
    """The pool; an average divides by `divisor`, or by the taps that `counted` axes have on data.

    Raises:
        CannotRun: it is neither a maximum nor an average.
    """
    source, dtype = signal(given.input, operation.layout), native(given.input.dtype)
    match operation.reducer:
        case "max":
            return Pool(source, axes, np.maximum, lowest(dtype), dtype, dtype)
        case "average":
            result = averages_of(dtype)
            return Pool(source, axes, np.add, 0, sums_of(result), result, counted, divisor)
        case other:
            raise CannotRun(f"maximum and average are run, not {other}")


def _padded(lines: tuple[Line, ...], outcome: Outcome) -> tuple[Line, ...]:
    """The same windows where the padding counts as data."""
    placements = outcome.window.placements if outcome.window else ()
    return tuple(
        replace(line, size=line.size + line.before + known(placement.after), before=0)
        for line, placement in zip(lines, placements, strict=True)
    )


def _sizes(layout: Layout, given: Given) -> tuple[int, ...]:
    return tuple(map(known, layout.spatial_sizes(given.input.shape)))


def _plan(
    given: Given, outcome: Outcome, pool: Pool, adds: int, seen: Callable[[Array], Array]
) -> Plan:
    batch, channels = len(given.input), pool.source.array.shape[-1]
    shape = tuple(map(known, outcome.outputs[0]))
    return Plan(shape, pool.result, batch * channels * adds, pool, seen)
