"""A report as JSON, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import orjson

from shapewright.arithmetic.dimension import Dimension, Unknown, certainly_differ, is_known
from shapewright.arithmetic.window import Placement
from shapewright.network.report import Entry, Report
from shapewright.operations.base import WindowReport

Json: TypeAlias = dict[str, Any]


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
    entry = DETAILS[detail]
    layers = {} if entry is None else {"layers": [entry(layer) for layer in report.layers]}
    return {**head, **layers, "notes": report.notes}


def _shapes(entry: Entry) -> Json:
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "input_shapes": entry.input_shapes,
        "output_shapes": entry.output_shapes,
    }
    return {**fields, **_nested(entry, _shapes)}


def _full(entry: Entry) -> Json:
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
    if entry.window is not None:
        fields["window"] = _window(entry.window)
    if not entry.counted:
        fields["shared"] = True
    return {**fields, "notes": entry.notes, **_nested(entry, _full)}


def _nested(entry: Entry, render: Callable[[Entry], Json]) -> Json:
    return {"layers": [render(layer) for layer in entry.layers]} if entry.layers else {}


DETAILS: Final[Mapping[str, Callable[[Entry], Json] | None]] = {
    "summary": None,
    "shapes": _shapes,
    "full": _full,
}
"""How much of each layer is told: nothing, its shapes, or everything."""


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
