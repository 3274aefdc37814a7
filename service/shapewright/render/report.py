"""A report as JSON, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

import orjson

from shapewright.arithmetic.border import Run, Sight
from shapewright.arithmetic.dimension import Dimension, Unknown, certainly_differ, is_known
from shapewright.arithmetic.window import Placement
from shapewright.network.receptive_field import Axis, ReceptiveField
from shapewright.network.report import Entry, Report
from shapewright.network.visibility import Visibility
from shapewright.operations.base import WindowReport
from shapewright.render.located import located_dict

Json: TypeAlias = dict[str, Any]
Render: TypeAlias = Callable[[Entry, bool], Json]
"""An entry to JSON; the flag says that receptive fields are told by input name."""


def encode(value: Any) -> bytes:
    """JSON bytes; an unknown dimension is null."""
    return orjson.dumps(value, default=_null)


def _null(value: object) -> None:
    if not isinstance(value, Unknown):
        raise TypeError(f"{type(value).__name__} is not for the wire")


def report_json(report: Report, detail: str = "full") -> bytes:
    """The report as JSON bytes; `detail` is a key of `DETAILS`."""
    return encode(as_dict(report, detail))


def as_dict(report: Report, detail: str = "full") -> Json:
    """The report as a JSON object whose unknown dimensions `encode` makes null."""
    head: Json = {
        "framework": report.framework,
        "source": report.source,
        "inputs": [{"name": tensor.name, "shape": tensor.shape} for tensor in report.inputs],
        "outputs": [{"name": tensor.name, "shape": tensor.shape} for tensor in report.outputs],
        "totals": report.totals,
    }
    render = DETAILS[detail]
    by_input = len(report.inputs) > 1
    layers = (
        {} if render is None else {"layers": [render(layer, by_input) for layer in report.layers]}
    )
    located = {"located": located_dict(report.located)} if report.located else {}
    return {**head, **layers, **located, "notes": report.notes}


def entry_dict(entry: Entry) -> Json:
    """All that is told of a layer of a network with one input."""
    return _full(entry, False)


def _shapes(entry: Entry, by_input: bool) -> Json:
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "input_shapes": entry.input_shapes,
        "output_shapes": entry.output_shapes,
    }
    return {**fields, **_nested(entry, by_input, _shapes)}


def _full(entry: Entry, by_input: bool) -> Json:
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "inputs": entry.inputs,
        "input_shapes": entry.input_shapes,
        "output_shapes": entry.output_shapes,
        "params": entry.params,
        "trainable_params": entry.trainable_params,
        "weights": {weight.name: weight.shape for weight in entry.weights},
        "macs": entry.macs,
    }
    if entry.window is not None and entry.visibility is not None:
        fields["macs_on_data"] = entry.visibility.macs
        fields["window"] = {**_window(entry.window), **_visibility(entry.visibility)}
    if entry.receptive_field:
        fields["receptive_field"] = _receptive_field(entry.receptive_field, by_input)
    if not entry.counted:
        fields["shared"] = True
    fields["explanation"] = entry.explanation
    return {**fields, "notes": entry.notes, **_nested(entry, by_input, _full)}


def _nested(entry: Entry, by_input: bool, render: Render) -> Json:
    return {"layers": [render(layer, by_input) for layer in entry.layers]} if entry.layers else {}


DETAILS: Final[Mapping[str, Render | None]] = {
    "summary": None,
    "shapes": _shapes,
    "full": _full,
}
"""How much of each layer is told: nothing, its shapes, or everything."""


def tells_layers(detail: str) -> bool:
    """Whether a report with this much detail has entries for its layers."""
    return DETAILS[detail] is not None


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


def _receptive_field(field: ReceptiveField, by_input: bool) -> Json:
    """A map of fields by input name, or the field of the only input."""
    told = {name: _field(axes) for name, axes in field.items()}
    return told if by_input else next(iter(told.values()))


def _field(axes: Sequence[Axis]) -> Json:
    whole = [axis.whole for axis in axes]
    if all(whole):
        return {"global": True}
    fields: Json = {
        "size": [axis.size for axis in axes],
        "stride": [_fraction(axis.stride) for axis in axes],
        "start": [axis.start for axis in axes],
    }
    if any(whole):
        fields["global"] = whole
    if not all(axis.exact for axis in axes):
        fields["exact"] = False
    if not all(axis.aligned for axis in axes):
        fields["aligned"] = False
    return fields


def _fraction(value: Fraction | None) -> int | str | None:
    """An integer where it is one, else text such as `1/2`."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else str(value)


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
