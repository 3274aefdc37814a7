"""Keras's recurrent layers: cells run along sequences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.operations.recurrent import Recurrent
from shapewright.operations.wrapper import Named
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.recurrent_cell import (
    RECURRENT_KINDS,
    Kind,
    called,
    cell_parameters,
    check_cell,
    stacked_cells,
    vector_cell,
)
from shapewright.vocabularies.parameters import (
    Either,
    Flag,
    InnerLayer,
    Layer,
    Layers,
    Parameter,
    ignored,
)

ARGUMENTS: Final = ("sequences", "initial_state", "mask", "training")


def sequence_parameters() -> dict[str, Parameter[Any]]:
    """What every layer has that runs along a sequence."""
    return {
        "return_sequences": Flag(False, doc="give the output of every step, not only the last"),
        "return_state": Flag(False, doc="give the last states too"),
        "go_backwards": Flag(False, doc="start at the end"),
        "stateful": Flag(False, doc="keep the states from batch to batch, which has to be known"),
        **ignored("unroll", "zero_output_for_mask"),
    }


def run(
    make_cell: Callable[..., Operation],
    call: Call,
    return_sequences: bool,
    return_state: bool,
    stateful: bool,
    go_backwards: bool,
    **parameters: Any,
) -> Operation:
    """A cell, made of the other parameters, run along the sequence of a call.

    The end from which it starts changes no number.
    """
    recurrent = Recurrent(make_cell(**parameters), return_sequences, return_state, stateful)
    return called(recurrent, call, ARGUMENTS)


def _own_cell(kind: Kind, **parameters: Any) -> Operation:
    return Named(f"{kind.module}_cell", vector_cell(kind, **parameters))


def _given_cell(cell: InnerLayer | tuple[InnerLayer, ...]) -> Operation:
    if isinstance(cell, tuple):
        return Named("stacked_rnn_cells", stacked_cells(cell, "cell"))
    check_cell(cell, "cell")
    return Named(cell.name, cell.operation)


def _layer_type(kind: Kind) -> LayerType:
    return declare(
        kind.name,
        f"A recurrent layer with {kind.words}.",
        f"rnn/{kind.module}.py",
        {**cell_parameters(kind), **kind.layer_parameters, **sequence_parameters()},
        partial(run, partial(_own_cell, kind)),
        arguments=ARGUMENTS,
    )


LAYERS = (
    *map(_layer_type, RECURRENT_KINDS),
    declare(
        "RNN",
        "Runs a cell, or a list of cells on top of each other, along a sequence.",
        "rnn/rnn.py",
        {
            "cell": Either(Layer(), Layers(), doc="a cell, or a list of cells"),
            **sequence_parameters(),
        },
        partial(run, _given_cell),
        arguments=ARGUMENTS,
    ),
)
