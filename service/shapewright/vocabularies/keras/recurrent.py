"""Keras's recurrent layers: cells run along sequences."""

from __future__ import annotations

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
    SIMPLE,
    Kind,
    called,
    cell,
    cell_parameters,
    check_cell,
    stacked_cells,
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


def along(
    cell: Operation,
    call: Call,
    return_sequences: bool,
    return_state: bool,
    stateful: bool,
    go_backwards: bool,
) -> Operation:
    """A cell run along the sequence of a call; which end it starts from changes no number."""
    recurrent = Recurrent(cell, return_sequences, return_state, stateful)
    return called(recurrent, call, ARGUMENTS)


def _recurrent(kind: Kind, call: Call, **parameters: Any) -> Operation:
    flags = {name: parameters.pop(name) for name in ALONG}
    return along(Named(f"{kind.module}_cell", cell(kind, **parameters)), call, **flags)


ALONG: Final = ("return_sequences", "return_state", "stateful", "go_backwards")


def _rnn(cell: InnerLayer | tuple[InnerLayer, ...], call: Call, **flags: bool) -> Operation:
    if isinstance(cell, tuple):
        return along(Named("stacked_rnn_cells", stacked_cells(cell, "cell")), call, **flags)
    check_cell(cell, "cell")
    return along(Named(cell.name, cell.operation), call, **flags)


def _layer_type(kind: Kind) -> LayerType:
    more = ignored("use_cudnn") if kind is not SIMPLE else {}
    return declare(
        kind.name,
        f"A recurrent layer with {kind.words}.",
        f"rnn/{kind.module}.py",
        {**cell_parameters(kind), **sequence_parameters(), **more},
        partial(_recurrent, kind),
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
        _rnn,
        arguments=ARGUMENTS,
    ),
)
