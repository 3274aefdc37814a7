"""The examples of the OpenAPI document: networks, and what the service answers to them.

The answers are not written down: they are computed when the document is made, so they are true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import orjson

from shapewright.api import problems
from shapewright.api.content import JSON, TEXT
from shapewright.formats.options import Options
from shapewright.formats.read import read
from shapewright.network.propagate import infer
from shapewright.network.report import Report, ShapesDoNotFit
from shapewright.render.report import as_dict
from shapewright.render.table import table
from shapewright.render.wire import encode


@dataclass(frozen=True)
class Example:
    """A network that can be sent as it stands."""

    name: str
    summary: str
    network: Mapping[str, Any]

    @cached_property
    def report(self) -> Report:
        """What the engine says of it."""
        return infer(read(orjson.dumps(self.network), Options()))


def _plain(value: Any) -> Any:
    """The value as it looks once it has travelled as JSON."""
    return orjson.loads(encode(value))


STEM: Final = Example(
    "stem",
    "One convolution of Keras: stride 2 makes `same` asymmetric.",
    {
        "input_shape": [None, 224, 224, 3],
        "layers": [
            {
                "type": "Conv2D",
                "name": "stem",
                "filters": 64,
                "kernel_size": 7,
                "strides": 2,
                "padding": "same",
            }
        ],
    },
)
RESIDUAL: Final = Example(
    "residual",
    "A graph: two branches that are added.",
    {
        "inputs": {"image": [None, 32, 32, 16]},
        "layers": [
            {
                "type": "Conv2D",
                "name": "conv",
                "filters": 16,
                "kernel_size": 3,
                "padding": "same",
                "inputs": "image",
            },
            {"type": "Add", "name": "sum", "inputs": ["conv", "image"]},
        ],
        "outputs": ["sum"],
    },
)
TORCH: Final = Example(
    "torch",
    "The same words as in PyTorch, and its rules.",
    {
        "framework": "torch",
        "input_shape": [None, 3, 224, 224],
        "layers": [
            {
                "type": "Conv2d",
                "in_channels": 3,
                "out_channels": 64,
                "kernel_size": 7,
                "stride": 2,
                "padding": 3,
            },
            {"type": "MaxPool2d", "kernel_size": 3, "stride": 2, "padding": 1},
        ],
    },
)
KERAS: Final = Example(
    "keras",
    "What `model.to_json()` gives for a small Sequential model.",
    {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": "sequential",
            "layers": [
                {
                    "module": "keras.layers",
                    "class_name": "InputLayer",
                    "config": {"batch_shape": [None, 784], "dtype": "float32", "name": "input"},
                    "registered_name": None,
                },
                {
                    "module": "keras.layers",
                    "class_name": "Dense",
                    "config": {"name": "dense", "units": 10, "activation": "softmax"},
                    "registered_name": None,
                },
            ],
        },
        "registered_name": None,
    },
)
EXAMPLES: Final = (STEM, RESIDUAL, TORCH, KERAS)

RENDERED: Final[Mapping[str, Callable[[Report], Any]]] = {
    JSON: lambda report: _plain(as_dict(report)),
    TEXT: table,
}


def networks(media: str) -> dict[str, Any]:
    """What may be sent."""
    if media != JSON:
        return {}
    return {"examples": {e.name: {"summary": e.summary, "value": e.network} for e in EXAMPLES}}


def reports(media: str) -> dict[str, Any]:
    """What the networks are answered with."""
    render = RENDERED[media]
    return {
        "examples": {e.name: {"summary": e.summary, "value": render(e.report)} for e in EXAMPLES}
    }


MISFIT: Final[Mapping[str, Any]] = {
    "input_shape": [None, 4, 4, 8],
    "layers": [
        {"type": "Conv2D", "name": "first", "filters": 8, "kernel_size": 3},
        {"type": "Conv2D", "name": "second", "filters": 8, "kernel_size": 3},
    ],
}


def misfit() -> dict[str, Any]:
    """The problem that a network whose shapes do not fit is answered with."""
    try:
        infer(read(orjson.dumps(MISFIT), Options()))
    except ShapesDoNotFit as error:
        return {
            "summary": f"The answer to {encode(MISFIT).decode()}",
            "value": _plain(problems.body(error, "8d5f0c6e3f0a4f0e9d3d6c2b1a09f8e7", "full")),
        }
    raise AssertionError("the second convolution does not fit")
