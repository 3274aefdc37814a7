"""What came out of a run, as it is written in each media type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from shapewright.api.content import JSON, NPY, NPZ
from shapewright.api.views import Answer
from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import DType
from shapewright.numeric.lists import as_lists
from shapewright.numeric.npy import write_npy
from shapewright.numeric.plans import extent
from shapewright.render.entry import entry_dict
from shapewright.render.wire import encode
from shapewright.running.convolved import Convolved

LAYER_HEADER: Final = "Shapewright-Layer"
AGREES_HEADER: Final = "Shapewright-Shape-Agrees"

LONGEST_HEADER: Final = 4096
"""Characters of the layer's entry in a header: proxies take little more."""

DISPENSABLE: Final = (
    ("explanation",),
    ("window", "border"),
    ("notes",),
    ("receptive_field",),
    ("window",),
    ("weights",),
    ("name",),
)
"""What an entry does without if it is too long for a header; first things first."""


def numbers(shape: tuple[int, ...], dtype: DType) -> int:
    """How many numbers or brackets an array is in JSON, about."""
    return extent(shape) * (2 if dtype.kind == "c" else 1)


def as_json(done: Convolved) -> bytes:
    """One object that holds all of it."""
    arrays = {name: _lists(array) for name, array in done.arrays.items()}
    return encode({**arrays, **done.told})


def _lists(array: Array) -> dict[str, Any]:
    data = orjson.dumps(as_lists(array), option=orjson.OPT_SERIALIZE_NUMPY)
    return {"shape": array.shape, "dtype": array.dtype.name, "data": orjson.Fragment(data)}


def _as_npy(done: Convolved) -> Answer:
    headers = {
        LAYER_HEADER: headline(entry_dict(done.entry)),
        AGREES_HEADER: _ascii(done.shape_agrees),
    }
    return Answer(write_npy(done.output), headers)


WRITERS: Final[Mapping[str, Callable[[Convolved], Answer]]] = {
    JSON: lambda done: Answer(as_json(done)),
    NPY: _as_npy,
    NPZ: lambda done: Answer(done.archive),
}


def headline(entry: Mapping[str, Any]) -> str:
    """An entry as JSON in printable ASCII, without as much of it as is too long for a header."""
    told: dict[str, Any] = orjson.loads(encode(entry))
    text = _ascii(told)
    for *path, last in DISPENSABLE:
        if len(text) <= LONGEST_HEADER:
            break
        holder = told
        for step in path:
            holder = holder.get(step, {})
        holder.pop(last, None)
        text = _ascii(told)
    return text


def _ascii(value: Any) -> str:
    """JSON all of whose characters may stand in a header."""
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")
