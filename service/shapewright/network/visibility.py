"""What the windows of a layer see: its borders, what it never reads, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.arithmetic.border import Sight, sight, with_padding
from shapewright.arithmetic.dimension import UNKNOWN, Dimension, product
from shapewright.operations.base import Outcome, WindowReport


@dataclass(frozen=True, slots=True)
class Visibility:
    """By axis, what the windows see, and for an average what it divides by.

    The divisor at an output is the product over the axes of the taps that `divisor` counts.
    """

    axes: tuple[Sight, ...]
    divisor: tuple[Sight, ...] | int | None
    macs: Dimension


def visibility(outcome: Outcome, window: WindowReport) -> Visibility:
    """What the windows of a layer see; `macs` are its multiply-adds on data alone."""
    axes = tuple(sight(axis, transposed=window.transposed) for axis in window.placements)
    return Visibility(axes, _divisor(window, axes), _macs_on_data(outcome, window, axes))


def _divisor(window: WindowReport, axes: tuple[Sight, ...]) -> tuple[Sight, ...] | int | None:
    if window.average is None:
        return None
    if window.average.divisor is not None:
        return window.average.divisor
    return tuple(map(with_padding, window.placements)) if window.average.with_padding else axes


def _macs_on_data(outcome: Outcome, window: WindowReport, axes: tuple[Sight, ...]) -> Dimension:
    """All multiply-adds, less those of taps that lie on padding, or whose result is cut."""
    nominal = product(
        (axis.size if window.transposed else axis.outputs) * axis.window.kernel
        for axis in window.placements
    )
    seen = product(UNKNOWN if axis.total is None else axis.total for axis in axes)
    return outcome.macs - (nominal - seen) * window.tap_macs if window.tap_macs != 0 else 0
