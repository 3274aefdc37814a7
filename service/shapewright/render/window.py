"""The geometry of a window, and what it sees of the data, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from shapewright.arithmetic.border import Run, Sight
from shapewright.arithmetic.dimension import Dimension, certainly_differ, is_known
from shapewright.arithmetic.window import Placement
from shapewright.network.visibility import Visibility
from shapewright.operations.base import WindowReport
from shapewright.render.wire import Json


def window_dict(window: WindowReport, seen: Visibility) -> Json:
    """A window as JSON."""
    return {**_window(window), **_visibility(seen)}


def _window(window: WindowReport) -> Json:
    placements = window.placements
    return {
        "kernel_size": [placement.window.kernel for placement in placements],
        "dilation": [placement.window.dilation for placement in placements],
        "effective_kernel_size": [placement.window.effective for placement in placements],
        "strides": [placement.window.stride for placement in placements],
        "padding": {
            "mode": window.mode,
            "before": [placement.before for placement in placements],
            "after": [placement.after for placement in placements],
            "symmetric": symmetric(placements),
        },
        "transposed": window.transposed,
    }


def _visibility(visibility: Visibility) -> Json:
    axes = visibility.axes
    fields: Json = {
        "unread_input": [axis.unread for axis in axes],
        "taps_on_data": {
            "first": [axis.first for axis in axes],
            "last": [axis.last for axis in axes],
            "most": [axis.most for axis in axes],
        },
        "border": [_runs(axis, _taps) for axis in axes],
    }
    if visibility.divisor is not None:
        fields["divisor"] = _divisor(visibility.divisor)
    return fields


def _runs(axis: Sight, render: Callable[[Run], Json]) -> list[Json] | None:
    return None if axis.runs is None else [render(run) for run in axis.runs]


def _taps(run: Run) -> Json:
    fields: Json = {"outputs": (run.first, run.last), "taps": run.taps}
    if run.step != 1:
        fields |= {"step": run.step, "tap_step": run.tap_step}
    return fields


def _count(run: Run) -> Json:
    return {"outputs": (run.first, run.last), "count": run.count}


def _divisor(divisor: Sequence[Sight] | int) -> int | list[list[Json] | None]:
    """A fixed number, or by axis how many elements each output counts; the product divides."""
    if isinstance(divisor, int):
        return divisor
    return [_runs(axis, _count) for axis in divisor]


def symmetric(placements: Iterable[Placement]) -> bool | None:
    """Whether every axis has as much padding before as after; `None` where nobody can tell."""
    answers = [_equal(placement.before, placement.after) for placement in placements]
    if False in answers:
        return False
    return None if None in answers else True


def _equal(one: Dimension, other: Dimension) -> bool | None:
    if certainly_differ(one, other):
        return False
    return True if is_known(one) and is_known(other) else None
