"""Window operations by their definitions, slow and plain: the oracle of the other tests.

Arrays are (batch, places..., channels); kernels (taps..., channels read, channels made) or, for a
transposed convolution, (taps..., channels made, channels read). Padding is really padded.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from shapewright.arithmetic.window import Placement

Array = Any

MODES = {"constant": "constant", "replicate": "edge", "reflect": "reflect", "circular": "wrap"}


def wide(*arrays: Array) -> Any:
    """The type in which the oracle computes: theirs together, but at least double precision."""
    dtype = np.result_type(*arrays)
    return {"f": np.float64, "c": np.complex128}.get(dtype.kind, dtype)


def padded(data: Array, placements: Sequence[Placement], fill: str, value: Any = 0) -> Array:
    """The data with all that windows read around it; what is cut is cut."""
    for axis, placement in enumerate(placements, 1):
        window = placement.window
        reach = (placement.outputs - 1) * window.stride + window.effective
        before, after = placement.before, max(placement.after, 0)
        if fill == "constant":
            after = max(reach - before - placement.size, 0)
        sides = [(0, 0)] * data.ndim
        sides[axis] = (max(before, 0), after)
        more = {"constant_values": value} if fill == "constant" else {}
        data = np.pad(data, sides, mode=MODES[fill], **more)
        data = np.delete(data, range(max(-before, 0)), axis)
    return data


def taps_of(placements: Sequence[Placement]) -> list[tuple[int, ...]]:
    """Every tap of the window."""
    return list(product(*(range(placement.window.kernel) for placement in placements)))


def at(placements: Sequence[Placement], steps: Sequence[int], taps: Sequence[int]) -> list[int]:
    """Where a tap of a window stands, counted from the first tap of the first window."""
    return [
        step * placement.window.stride + tap * placement.window.dilation
        for placement, step, tap in zip(placements, steps, taps, strict=True)
    ]


def convolution(
    data: Array,
    kernel: Array,
    bias: Array,
    placements: Sequence[Placement],
    groups: int = 1,
    fill: str = "constant",
) -> Array:
    """Each output is the sum over all taps of what they stand on times the kernel there."""
    dtype = wide(data, kernel, bias)
    around = padded(data.astype(dtype), placements, fill)
    read, made = kernel.shape[-2], kernel.shape[-1] // groups
    shape = (len(data), *(placement.outputs for placement in placements), groups * made)
    result = np.zeros(shape, dtype)
    for index in np.ndindex(*shape[:-1]):
        for tap in taps_of(placements):
            values = around[(index[0], *at(placements, index[1:], tap))]
            for group in range(groups):
                own = slice(group * made, (group + 1) * made)
                weights = kernel[tap][:, own].astype(dtype)
                result[index][own] += values[group * read : (group + 1) * read] @ weights
    return result + bias.astype(dtype)


def transposed(
    data: Array, kernel: Array, bias: Array, placements: Sequence[Placement], groups: int = 1
) -> Array:
    """Each input adds its multiple of the kernel to the outputs; the sides are cut afterwards."""
    dtype = wide(data, kernel, bias)
    made, read = kernel.shape[-2], kernel.shape[-1] // groups
    spans = [(p.size - 1) * p.window.stride + p.window.effective for p in placements]
    room = [max(span, p.outputs + p.before) for span, p in zip(spans, placements, strict=True)]
    full = np.zeros((len(data), *room, groups * made), dtype)
    for index in np.ndindex(*data.shape[:-1]):
        for tap in taps_of(placements):
            place = (index[0], *at(placements, index[1:], tap))
            for group in range(groups):
                own = slice(group * read, (group + 1) * read)
                weights = kernel[tap][:, own].astype(dtype)
                full[place][group * made : (group + 1) * made] += weights @ data[index][own].astype(
                    dtype
                )
    kept = tuple(slice(p.before, p.before + p.outputs) for p in placements)
    return full[(slice(None), *kept)] + bias.astype(dtype)


def on_data(
    placements: Sequence[Placement], steps: Sequence[int], *, padding: bool
) -> list[tuple[int, ...]]:
    """The places that a window covers, in the data or also in the padding, counted in the data."""
    found = []
    for tap in taps_of(placements):
        place = [
            where - placement.before
            for where, placement in zip(at(placements, steps, tap), placements, strict=True)
        ]
        around = [(p.before, p.after) if padding else (0, 0) for p in placements]
        if all(
            -before <= where < placement.size + after
            for where, placement, (before, after) in zip(place, placements, around, strict=True)
        ):
            found.append(tuple(place))
    return found


def maximum(data: Array, placements: Sequence[Placement], lowest: Any) -> Array:
    """The greatest element that a window covers."""
    result = np.full(
        (len(data), *(p.outputs for p in placements), data.shape[-1]), lowest, data.dtype
    )
    for index in np.ndindex(*result.shape[:-1]):
        for place in on_data(placements, index[1:], padding=False):
            result[index] = np.maximum(result[index], data[(index[0], *place)])
    return result


def average(
    data: Array,
    placements: Sequence[Placement],
    *,
    padding: bool = False,
    divisor: int | None = None,
) -> Array:
    """The mean of the elements that a window covers."""
    dtype = np.complex128 if data.dtype.kind == "c" else np.float64
    result = np.zeros((len(data), *(p.outputs for p in placements), data.shape[-1]), dtype)
    for index in np.ndindex(*result.shape[:-1]):
        for place in on_data(placements, index[1:], padding=False):
            result[index] += data[(index[0], *place)]
        covered = divisor or len(on_data(placements, index[1:], padding=padding))
        result[index] = result[index] / covered if covered else np.nan
    return result
