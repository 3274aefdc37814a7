"""Keras's layers around other layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.merge import Broadcast, Concatenate
from shapewright.operations.recurrent import Bidirectional
from shapewright.operations.steps import TimeDistributed
from shapewright.operations.wrapper import Named, SpectrallyNormalized
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.recurrent import ARGUMENTS
from shapewright.vocabularies.keras.recurrent_cell import called
from shapewright.vocabularies.parameters import (
    Choice,
    InnerLayer,
    Integer,
    Layer,
    ignored,
    quote,
)

MERGES: Final[Mapping[str | None, Operation | None]] = {
    "concat": Concatenate(-1),
    "sum": Broadcast(2),
    "mul": Broadcast(2),
    "ave": Broadcast(2),
    None: None,
}
"""What becomes of the two directions' outputs; null leaves both."""

SHARED: Final = ("return_sequences", "return_state", "stateful")
"""What the two directions must have in common."""


NO_KEPT_STATES: Final = (
    "Keras runs no layer both ways that is stateful and returns its states: "
    "Bidirectional.compute_mask fails on them"
)


def _time_distributed(layer: InnerLayer, call: Call) -> Operation:
    return called(TimeDistributed(_named(layer)), call, ("inputs", "training", "mask"))


def _named(layer: InnerLayer) -> Operation:
    return Named(layer.name, layer.operation)


def _bidirectional(
    layer: InnerLayer, backward_layer: InnerLayer | None, merge_mode: str | None, call: Call
) -> Operation:
    _check_recurrent(layer, "layer")
    backward = backward_layer or _reversed(layer)
    _check_recurrent(backward, "backward_layer")
    _check_directions(layer, backward, "backward_layer" if backward_layer else "layer")
    forward = replace(layer, name=_prefixed("forward_", layer.name))
    both = Bidirectional(_named(forward), _named(backward), MERGES[merge_mode])
    return called(both, call, ARGUMENTS)


def _reversed(layer: InnerLayer) -> InnerLayer:
    """A copy of a layer for the other direction."""
    values = {**layer.values, "go_backwards": True}
    return replace(layer, name=_prefixed("backward_", layer.name), values=values)


def _prefixed(prefix: str, name: str) -> str:
    return f"{prefix}{name.removeprefix(prefix)}"


def _check_recurrent(layer: InnerLayer, parameter: str) -> None:
    if "go_backwards" not in layer.values:
        raise ParameterError(f"needs a recurrent layer, got {layer.type}", parameter)


def _check_directions(forward: InnerLayer, backward: InnerLayer, parameter: str) -> None:
    way, back = (layer.values["go_backwards"] for layer in (forward, backward))
    if way == back:
        detail = f"one layer has to go backwards, got go_backwards {quote(way)} for both"
        raise ParameterError(detail, parameter)
    for name in SHARED:
        one, other = (layer.values[name] for layer in (forward, backward))
        if one != other:
            detail = f"both layers need the same {name}, got {quote(one)} and {quote(other)}"
            raise ParameterError(detail, parameter)
    if forward.values["stateful"] and forward.values["return_state"]:
        raise ParameterError(NO_KEPT_STATES, parameter)


def _spectral_normalization(layer: InnerLayer, power_iterations: int, call: Call) -> Operation:
    kernels = (f"{layer.name}/kernel", f"{layer.name}/embeddings")
    return called(
        SpectrallyNormalized(_named(layer), kernels, "vector_u"), call, ("inputs", "training")
    )


LAYERS = (
    declare(
        "TimeDistributed",
        "Applies a layer to every step of a sequence by itself, with the same weights.",
        "rnn/time_distributed.py",
        {"layer": Layer(doc="takes one step, without the time axis")},
        _time_distributed,
    ),
    declare(
        "Bidirectional",
        "Runs a recurrent layer along a sequence both ways and merges what comes out.",
        "rnn/bidirectional.py",
        {
            "layer": Layer(doc="the recurrent layer that goes forwards"),
            "merge_mode": Choice(
                *filter(None, MERGES),
                default="concat",
                nullable=True,
                doc="what becomes of the two outputs; null leaves both",
            ),
            "backward_layer": Layer(None, doc="the layer that goes backwards, by default a copy"),
            **ignored("weights"),
        },
        _bidirectional,
        arguments=ARGUMENTS,
    ),
    declare(
        "SpectralNormalization",
        "Divides a layer's kernel by its largest singular value.",
        "normalization/spectral_normalization.py",
        {
            "layer": Layer(doc="a layer with a kernel or with embeddings"),
            "power_iterations": Integer(1, minimum=1, doc="steps towards the singular value"),
        },
        _spectral_normalization,
    ),
)
