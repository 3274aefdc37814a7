"""Keras's recurrent cells: one step each, on an input and the last states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, WeightTemplate
from shapewright.operations.recurrent import Cell, StackedCells
from shapewright.operations.wrapper import Named, fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activation
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import (
    Choice,
    Either,
    Flag,
    InnerLayer,
    Integer,
    Layers,
    Number,
    Parameter,
    ignored,
)

CELL_ARGUMENTS: Final = ("inputs", "states", "training")

_STATES: Final = ("initial_state", "states")
_NOT_DATA: Final = ("mask", "training")


def called(operation: Operation, call: Call, arguments: tuple[str, ...]) -> Operation:
    """The operation on the sequence and the states of a call, whichever way they are given.

    States are one argument, a tensor or a tree of them, or one each (`initial_state_0`); or they
    follow the sequence in a list, as tf.keras 2 writes it.

    Raises:
        ParameterError: there is no sequence.
    """
    given = {k: tree for k, tree in call.bind(arguments).items() if k not in _NOT_DATA}
    ordered = sorted(given, key=lambda name: name.startswith(_STATES))
    operands = tuple(index for name in ordered for index in slots(given[name]))
    if not operands or ordered[0].startswith(_STATES):
        raise ParameterError(f"the call gives no `{arguments[0]}`")
    return fed(operation, operands, call.count)


class Kind(NamedTuple):
    """What tells one recurrent layer from another: gates, states, and parameters of its own."""

    name: str
    module: str
    words: str
    gates: int
    states: int
    parameters: Mapping[str, Parameter[Any]] = {}
    layer_parameters: Mapping[str, Parameter[Any]] = {}


_GATED: Final = {"recurrent_activation": activation("sigmoid"), **ignored("implementation")}
_CUDNN: Final = {"use_cudnn": Either(Choice("auto"), Flag(), default="auto")}
_RESET: Final = Flag(True, doc="reset after the matrix product, with a bias of its own")

SIMPLE: Final = Kind("SimpleRNN", "simple_rnn", "no gates", 1, 1)
GRU: Final = Kind("GRU", "gru", "two gates", 3, 1, {**_GATED, "reset_after": _RESET}, _CUDNN)
LSTM: Final = Kind(
    "LSTM", "lstm", "a memory", 4, 2, {**_GATED, **ignored("unit_forget_bias")}, _CUDNN
)
RECURRENT_KINDS: Final = (SIMPLE, GRU, LSTM)

CELL_TYPES: Final = (*(f"{kind.name}Cell" for kind in RECURRENT_KINDS), "StackedRNNCells")


def gate_parameters() -> dict[str, Parameter[Any]]:
    """What recurrent layers have besides the size of their states."""
    return {
        "activation": activation("tanh"),
        "use_bias": Flag(True, doc="add numbers of its own to each gate"),
        "dropout": Number(0.0, doc="how much of the input is dropped in training"),
        "recurrent_dropout": Number(0.0, doc="how much of the last output is dropped in training"),
        **weight_options("kernel", "recurrent", "bias"),
        **ignored("seed"),
    }


def cell_parameters(kind: Kind) -> dict[str, Parameter[Any]]:
    """The parameters of a cell, which a layer around it has too."""
    return {
        "units": Integer(minimum=1, doc="size of the output and of each state"),
        **gate_parameters(),
        **kind.parameters,
    }


def vector_cell(
    kind: Kind, units: int, use_bias: bool, reset_after: bool = False, **_checked: Any
) -> Cell:
    """One step, with its weights side by side, gate after gate."""
    width = kind.gates * units
    weights = (
        WeightTemplate("kernel", (Axis(), width)),
        WeightTemplate("recurrent_kernel", (units, width)),
        WeightTemplate("bias", (2, width) if reset_after else (width,)),
    )
    return Cell(kind.gates, (units,) * kind.states, weights if use_bias else weights[:2])


def _called_cell(kind: Kind, call: Call, **parameters: Any) -> Operation:
    return called(vector_cell(kind, **parameters), call, CELL_ARGUMENTS)


def _cell_type(kind: Kind) -> LayerType:
    return declare(
        f"{kind.name}Cell",
        f"One step of {kind.name}, on the input and the last states.",
        f"rnn/{kind.module}.py",
        cell_parameters(kind),
        partial(_called_cell, kind),
        arguments=CELL_ARGUMENTS,
    )


def stacked_cells(cells: tuple[InnerLayer, ...], parameter: str) -> Operation:
    """Cells as one, each under its name; where two have the same, a number tells them apart.

    Raises:
        ParameterError: there is none, or one is no cell.
    """
    if not cells:
        raise ParameterError("needs at least one cell, got none", parameter)
    seen: Counter[str] = Counter()
    named = []
    for inner in cells:
        check_cell(inner, parameter)
        number = seen[inner.name]
        seen[inner.name] += 1
        named.append(Named(f"{inner.name}_{number}" if number else inner.name, inner.operation))
    return StackedCells(tuple(named))


def check_cell(inner: InnerLayer, parameter: str) -> None:
    """Insist on a layer that makes one step.

    Raises:
        ParameterError: it is another kind of layer.
    """
    if inner.type not in CELL_TYPES:
        detail = f"needs a cell ({', '.join(CELL_TYPES)}), got {inner.type}"
        raise ParameterError(detail, parameter)


def _stack(cells: tuple[InnerLayer, ...], call: Call) -> Operation:
    return called(stacked_cells(cells, "cells"), call, CELL_ARGUMENTS)


LAYERS = (
    *map(_cell_type, RECURRENT_KINDS),
    declare(
        "StackedRNNCells",
        "Cells on top of each other that act as one.",
        "rnn/stacked_rnn_cells.py",
        {"cells": Layers(doc="each reads the output of the one before")},
        _stack,
        arguments=CELL_ARGUMENTS,
    ),
)
