"""PyTorch's recurrent modules and cells: plain, LSTM and GRU."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.recurrent import Cell
from shapewright.operations.recurrent_layers import RecurrentLayers
from shapewright.operations.wrapper import BatchOptional
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import (
    LONGEST_LIST,
    Choice,
    Flag,
    Integer,
    Number,
    Parameter,
)
from shapewright.vocabularies.torch.common import FACTORY, declare, fed_by_name, weights


class Kind(NamedTuple):
    """A way to recur: its sums, each with products of its own, and its states."""

    gates: int
    states: int
    summary: str


KINDS: Final[Mapping[str, Kind]] = {
    "RNN": Kind(1, 1, "the step and the last output, weighed and summed"),
    "LSTM": Kind(4, 2, "a memory beside the output, and gates that guard it"),
    "GRU": Kind(3, 1, "gates that mix the last output with a new one"),
}


def recurrent(
    kind: Kind,
    input_size: int,
    hidden_size: int,
    num_layers: int,
    bias: bool,
    batch_first: bool,
    bidirectional: bool,
    call: Call,
    proj_size: int = 0,
    **_: Any,
) -> Operation:
    """RNN, LSTM, GRU: the outputs, then the last states; initial states may be given as `hx`."""
    if proj_size >= hidden_size:
        raise ParameterError(
            f"proj_size {proj_size} has to be smaller than hidden_size {hidden_size}", "proj_size"
        )
    layers = RecurrentLayers(
        features=input_size,
        gates=kind.gates,
        units=hidden_size,
        layers=num_layers,
        directions=2 if bidirectional else 1,
        projected=proj_size or None,
        states=kind.states,
        time_first=not batch_first,
    )
    named = _weights(layers, bias)
    return fed_by_name(replace(layers, weights=tuple(named)), call, ("input", "hx"))


def _weights(layers: RecurrentLayers, bias: bool) -> Iterator[WeightTemplate]:
    """Layer by layer, forward before `_reverse`; `ih` reads the step, `hh` the last output."""
    rows, given = layers.gates * layers.units, layers.projected or layers.units
    for layer in range(layers.layers):
        reads = given * layers.directions if layer else layers.features
        for suffix in ("", "_reverse")[: layers.directions]:
            shapes = {
                "weight_ih": (rows, reads),
                "weight_hh": (rows, given),
                "bias_ih": (rows,) if bias else None,
                "bias_hh": (rows,) if bias else None,
                "weight_hr": (given, layers.units) if layers.projected else None,
            }
            yield from weights(**{f"{k}_l{layer}{suffix}": v for k, v in shapes.items()})


def cell(
    kind: Kind, input_size: int, hidden_size: int, bias: bool, call: Call, **_: Any
) -> Operation:
    """RNNCell, LSTMCell, GRUCell: one step, and the states after it."""
    rows = kind.gates * hidden_size
    operation = Cell(
        gates=kind.gates,
        states=(hidden_size,) * kind.states,
        weights=weights(
            weight_ih=(rows, input_size),
            weight_hh=(rows, hidden_size),
            bias_ih=(rows,) if bias else None,
            bias_hh=(rows,) if bias else None,
        ),
        features=input_size,
        bare=True,
    )
    optional = BatchOptional(operation, 2, "batch, features", may_be_empty=True)
    return fed_by_name(optional, call, ("input", "hx"))


def _sizes(least: int) -> dict[str, Parameter[Any]]:
    return {
        "input_size": Integer(minimum=least, doc="features of each step"),
        "hidden_size": Integer(minimum=least, doc="features of the states"),
    }


BIAS: Final[Mapping[str, Parameter[Any]]] = {"bias": Flag(True, doc="add two numbers to each sum")}

NONLINEARITY: Final[Mapping[str, Parameter[Any]]] = {
    "nonlinearity": Choice("tanh", "relu", default="tanh", doc="applied to each sum"),
}

PROJECTION: Final[Mapping[str, Parameter[Any]]] = {
    "proj_size": Integer(0, minimum=0, doc="features of the output if fewer than of the memory"),
}

OWN: Final[Mapping[str, Mapping[str, Parameter[Any]]]] = {"RNN": NONLINEARITY, "LSTM": PROJECTION}
"""What only one of the modules has."""


def _module(name: str, kind: Kind) -> LayerType:
    return declare(
        name,
        f"Recurrence along sequences: {kind.summary}.",
        "rnn.py",
        {
            **_sizes(1),
            "num_layers": Integer(
                1, minimum=1, maximum=LONGEST_LIST, doc="layers on top of each other"
            ),
            **BIAS,
            "batch_first": Flag(False, doc="the batch stands before the steps"),
            "dropout": Number(0.0, minimum=0, maximum=1),
            "bidirectional": Flag(False, doc="a second run from the end to the start"),
            **OWN.get(name, {}),
            **FACTORY,
        },
        partial(recurrent, kind),
        spelling={"features": "input_size"},
        arguments=("input", "hx"),
    )


def _cell(name: str, kind: Kind) -> LayerType:
    return declare(
        f"{name}Cell",
        f"One step of a recurrence: {kind.summary}.",
        "rnn.py",
        {**_sizes(0), **BIAS, **(NONLINEARITY if name == "RNN" else {}), **FACTORY},
        partial(cell, kind),
        spelling={"features": "input_size"},
        arguments=("input", "hx"),
    )


LAYERS = tuple(make(name, kind) for name, kind in KINDS.items() for make in (_module, _cell))
