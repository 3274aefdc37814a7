"""The example of a run in the OpenAPI document; its answer is computed, so it is true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from shapewright.api.arrays import Bounds, read_sent
from shapewright.api.content import BODY, JSON
from shapewright.api.convolved import as_json
from shapewright.formats.lone_layer import read_layer
from shapewright.formats.options import Options
from shapewright.running.run import prepare

CONVOLVE: Final[Mapping[str, Any]] = {
    "layer": {"type": "Conv1D", "name": "sums", "padding": "same", "strides": 2},
    "input": {"dtype": "int32", "shape": [1, 6, 1], "data": [1, 2, 3, 4, 5, 6]},
    "kernel": {"dtype": "int32", "data": [[[1]], [[10]], [[100]]]},
}
SUMMARY: Final = "A kernel of 3 over 6 numbers: the zero of `same` stands at the end."


def arrays(media: str) -> dict[str, Any]:
    """What may be run."""
    return _one(CONVOLVE) if media == JSON else {}


def convolved(media: str) -> dict[str, Any]:
    """What comes out."""
    if media != JSON:
        return {}
    sent = read_sent(JSON, {BODY: orjson.dumps(CONVOLVE)}, Bounds(2**10, 2**10))
    run = prepare(read_layer(sent.layer, sent.shapes, Options()), sent.arrays)
    return _one(orjson.loads(as_json(run.made())))


def _one(value: Any) -> dict[str, Any]:
    return {"examples": {"sums": {"summary": SUMMARY, "value": value}}}
