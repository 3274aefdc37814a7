"""A report as JSON, in the words of the wire contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import orjson

from shapewright.network.report import Entries, Report
from shapewright.render.entry import entries_json, shapes_json
from shapewright.render.located import located_dict
from shapewright.render.wire import Json, encode

Render: TypeAlias = Callable[[Entries, bool], bytes]
"""Entries to JSON; the flag says that receptive fields are told by input name."""


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
    layers: Json = {}
    if render is not None:
        layers = {"layers": orjson.Fragment(render(report.layers, by_input))}
    located = {"located": located_dict(report.located)} if report.located else {}
    return {**head, **layers, **located, "notes": report.notes}


DETAILS: Final[Mapping[str, Render | None]] = {
    "summary": None,
    "shapes": shapes_json,
    "full": entries_json,
}
"""How much of each layer is told: nothing, its shapes, or everything."""


def tells_layers(detail: str) -> bool:
    """Whether a report with this much detail has entries for its layers."""
    return DETAILS[detail] is not None
