"""What the windows of a layer see: its borders, what it never reads, and what that saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.border import LONGEST, Sight, sight, with_padding
from shapewright.arithmetic.dimension import UNKNOWN, Dimension, is_known, product
from shapewright.operations.base import Outcome, WindowReport
from shapewright.record import record

MOST_RUNS: Final = 2**17
"""How many runs a whole report may list."""

SHORT: Final = 16
"""How many runs an axis may still have when those are used up."""


@dataclass(slots=True)
class Allowance:
    """How many runs the layers of a report that are still to come may have."""

    left: int = MOST_RUNS

    def longest(self) -> int:
        """How many runs an axis of the next layer may have."""
        return LONGEST if self.left > 0 else SHORT

    def spend(self, window: WindowReport, seen: Visibility) -> None:
        """Count the runs of a layer; those of an axis that had too many were tried too."""
        for placement, axis in zip(window.placements, seen.axes, strict=True):
            if axis.runs is not None:
                self.left -= len(axis.runs)
            elif is_known(placement.size):
                self.left -= self.longest()


@record
class Visibility:
    """By axis, what the windows see, and for an average what it divides by.

    The divisor at an output is the product over the axes of the taps that `divisor` counts.
    """

    axes: tuple[Sight, ...]
    divisor: tuple[Sight, ...] | int | None
    macs: Dimension

    @property
    def short(self) -> bool:
        """Whether its borders are worth remembering."""
        counted = self.divisor if isinstance(self.divisor, tuple) else ()
        return all(axis.short for axis in (*self.axes, *counted))


def visibility(outcome: Outcome, window: WindowReport, allowance: Allowance) -> Visibility:
    """What the windows of a layer see; `macs` are its multiply-adds on data alone."""
    longest = allowance.longest()
    axes = tuple(
        sight(axis, transposed=window.transposed, longest=longest) for axis in window.placements
    )
    divisor = _divisor(window, axes, longest)
    seen = Visibility(axes, divisor, _macs_on_data(outcome, window, axes))
    allowance.spend(window, seen)
    return seen


def _divisor(
    window: WindowReport, axes: tuple[Sight, ...], longest: int
) -> tuple[Sight, ...] | int | None:
    if window.average is None:
        return None
    if window.average.divisor is not None:
        return window.average.divisor
    if not window.average.with_padding:
        return axes
    return tuple(with_padding(placement, longest) for placement in window.placements)


def _macs_on_data(outcome: Outcome, window: WindowReport, axes: tuple[Sight, ...]) -> Dimension:
    """All multiply-adds, less those of taps that lie on padding, or whose result is cut."""
    nominal = product(
        (axis.size if window.transposed else axis.outputs) * axis.window.kernel
        for axis in window.placements
    )
    seen = product(UNKNOWN if axis.total is None else axis.total for axis in axes)
    return outcome.macs - (nominal - seen) * window.tap_macs if window.tap_macs != 0 else 0
