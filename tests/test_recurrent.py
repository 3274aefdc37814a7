"""Recurrent layers: how they are called, what they refuse, what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shape, Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.operations.base import Link, Links, Operation
from shapewright.operations.conv_recurrent import ConvolutionalCell
from shapewright.operations.convolution import Convolution
from shapewright.operations.merge import Broadcast
from shapewright.operations.recurrent import Bidirectional, Cell, Recurrent, StackedCells
from shapewright.operations.spatial import Layout
from tests.single_layer import entry, fault, output

U = UNKNOWN
PLAIN = Cell(1, (3,))
LSTM = Cell(4, (3, 3))
IMAGES = ConvolutionalCell(
    Convolution(Layout(1, True), (Window(2, stride=2),), ("valid",), "valid", 3), gates=4
)

OUTPUTS: dict[str, tuple[Operation, Shapes, Shapes]] = {
    "a cell": (PLAIN, ((2, 5),), ((2, 3), (2, 3))),
    "a cell with two states": (LSTM, ((U, 5), (U, 3), (U, 3)), ((U, 3),) * 3),
    "cells on top of each other": (
        StackedCells((LSTM, Cell(3, (4,)))),
        ((2, 5),),
        ((2, 4), (2, 3), (2, 3), (2, 4)),
    ),
    "the last output": (Recurrent(PLAIN), ((2, U, 5),), ((2, 3),)),
    "every output": (Recurrent(PLAIN, sequences=True), ((2, U, 5),), ((2, U, 3),)),
    "states after it": (Recurrent(LSTM, True, True), ((U, 7, 5),), ((U, 7, 3), (U, 3), (U, 3))),
    "from states": (Recurrent(LSTM), ((2, 7, 5), (2, 3), (2, 3)), ((2, 3),)),
    "one state for all samples": (Recurrent(PLAIN), ((4, 7, 5), (1, 3)), ((4, 3),)),
    "a state of open size": (Recurrent(PLAIN), ((4, 7, 5), (U, U)), ((4, 3),)),
    "no steps": (Recurrent(PLAIN, sequences=True), ((2, 0, 5),), ((2, 0, 3),)),
    "images": (Recurrent(IMAGES, True, True), ((2, U, 9, 1),), ((2, U, 4, 3),) + ((2, 4, 3),) * 2),
    "both ways": (Bidirectional(Recurrent(PLAIN), Recurrent(LSTM)), ((2, 7, 5),), ((2, 3),) * 2),
    "both ways from states": (
        Bidirectional(Recurrent(PLAIN, state=True), Recurrent(PLAIN, state=True), Broadcast()),
        ((2, 7, 5), (2, 3), (2, 3)),
        ((2, 3),) * 3,
    ),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output(name: str) -> None:
    operation, inputs, expected = OUTPUTS[name]
    assert operation.infer(inputs).outputs == expected


FAULTS: dict[str, tuple[Operation, Shapes, str]] = {
    "a step is no vector": (
        Recurrent(PLAIN),
        ((2, 7, 5, 4),),
        "needs 2 axes (batch and features, at one time step), got 3: (2, 5, 4)",
    ),
    "no time axis": (Recurrent(PLAIN), ((2,),), "axis 1 does not exist in (2,), which has 1 axes"),
    "nothing arrives": (Recurrent(PLAIN), (), "needs at least 1 input, got 0: ()"),
    "nothing arrives at a cell": (PLAIN, (), "needs at least 1 input, got 0: ()"),
    "nothing arrives at cells": (StackedCells((PLAIN,)), (), "needs at least 1 input, got 0: ()"),
    "unknown features": (PLAIN, ((2, U),), "each gate needs a known size on axis 1, got (2, ?)"),
    "a state too few": (
        Recurrent(LSTM),
        ((2, 7, 5), (2, 3)),
        "needs 2 states ((2, 3), (2, 3)), got 1: ((2, 3),)",
    ),
    "a state too many for cells": (
        StackedCells((PLAIN, PLAIN)),
        ((2, 5), (2, 3), (2, 3), (2, 3)),
        "needs 2 states ((2, 3), (2, 3)), got 3: ((2, 3), (2, 3), (2, 3))",
    ),
    "a state of another size": (
        Recurrent(PLAIN),
        ((2, 7, 5), (2, 4)),
        "needs a state of shape (2, 3), got (2, 4)",
    ),
    "a state of another rank": (
        Recurrent(PLAIN),
        ((2, 7, 5), (2, 1, 3)),
        "needs a state of shape (2, 3), got (2, 1, 3)",
    ),
    "a state of another batch": (
        Recurrent(PLAIN),
        ((2, 7, 5), (4, 3)),
        "needs a state of shape (2, 3), got (4, 3)",
    ),
    "states that do not halve": (
        Bidirectional(Recurrent(PLAIN), Recurrent(PLAIN)),
        ((2, 7, 5), (2, 3)),
        "the states do not halve between the directions, got 1: ((2, 3),)",
    ),
    "directions that do not merge": (
        Bidirectional(Recurrent(PLAIN), Recurrent(Cell(1, (4,))), Broadcast()),
        ((2, 7, 5),),
        "axis 1 of input 0 (2, 3) has size 3, but axis 1 of input 1 (2, 4) has size 4",
    ),
    "images of unknown size": (
        Recurrent(IMAGES),
        ((2, 7, U, 1),),
        "the first state needs a known size on axis 1, got (2, ?, 1)",
    ),
    "images smaller than the kernel": (
        Recurrent(IMAGES),
        ((2, 7, 1, 1),),
        "the window spans 2 elements, but the axis has only 1",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    operation, inputs, detail = FAULTS[name]
    with pytest.raises(ShapeError) as caught:
        operation.infer(inputs)
    assert caught.value.detail == detail


MACS: dict[str, tuple[Operation, Shape, Dimension]] = {
    "one gate": (PLAIN, (2, 5), 3 * (5 + 3)),
    "four gates": (LSTM, (2, 5), 4 * 3 * (5 + 3)),
    "cells on top of each other": (
        StackedCells((LSTM, Cell(3, (4,)))),
        (2, 5),
        4 * 3 * (5 + 3) + 3 * 4 * (3 + 4),
    ),
    "seven steps": (Recurrent(LSTM), (U, 7, 5), 7 * 4 * 3 * (5 + 3)),
    "an open number of steps": (Recurrent(LSTM), (2, U, 5), U),
    "both ways": (Bidirectional(Recurrent(LSTM), Recurrent(PLAIN)), (2, 7, 5), 7 * 5 * 3 * (5 + 3)),
    "images": (Recurrent(IMAGES), (2, 7, 9, 1), 7 * 4 * (4 * 3 * 2 * 1 + 4 * 3 * 2 * 3)),
}


@pytest.mark.parametrize("name", MACS)
def test_macs(name: str) -> None:
    operation, shape, expected = MACS[name]
    assert operation.infer((shape,)).macs == expected


LINKS: dict[str, tuple[Operation, Shape, tuple[Links, ...]]] = {
    "time is seen as a whole": (Recurrent(PLAIN), (2, 7, 5), ((Link(0), None, None),)),
    "and so it is at every step": (Recurrent(PLAIN, True), (2, 7, 5), ((Link(0), None, None),)),
    "what images see spreads step by step": (
        Recurrent(IMAGES, True, True),
        (2, 7, 9, 1),
        (
            (Link(0), None, Link(2, None), None),
            (Link(0), None, Link(1, None), None),
            (Link(0), None, Link(1, None), None),
        ),
    ),
}


@pytest.mark.parametrize("name", LINKS)
def test_links(name: str) -> None:
    operation, shape, expected = LINKS[name]
    outcome = operation.infer((shape,))
    split = outcome.split_links or (outcome.links,)
    assert tuple(links for (links,) in split) == expected


def test_the_window_of_a_step_lies_on_the_axes_of_the_sequence() -> None:
    window = Recurrent(IMAGES).infer(((2, 7, 9, 1),)).window
    assert window is not None
    assert (window.axes, window.tap_macs) == ((2,), 7 * 4 * 3 * 1)


# ---- Keras's way of calling them -----------------------------------------------------------------

CALLS: dict[str, tuple[Any, list[list[int | None]]]] = {
    "a sequence": ("x", [[4, 2]]),
    "named": ({"sequences": "x"}, [[4, 2]]),
    "states in a list": (["x", ["h", "c"]], [[4, 2]]),
    "states by name": ({"sequences": "x", "initial_state": ["h", "c"]}, [[4, 2]]),
    "states before the sequence": ({"initial_state": ["h", "c"], "sequences": "x"}, [[4, 2]]),
    "states one by one": (
        {"sequence": "x", "initial_state_0": "h", "initial_state_1": "c"},
        [[4, 2]],
    ),
    "a mask besides": ({"sequences": "x", "mask": "mask"}, [[4, 2]]),
    "a mask by position": (["x", ["h", "c"], "mask"], [[4, 2]]),
}
INPUTS = {"x": [4, 7, 5], "h": [4, 2], "c": [4, 2], "mask": [4, 7]}


def called(inputs: Any) -> Shapes:
    layer = {"type": "LSTM", "units": 2, "inputs": inputs}
    document = {"inputs": INPUTS, "layers": [layer]}
    return infer(read_stack(document, Options())).layers[0].output_shapes


@pytest.mark.parametrize("name", CALLS)
def test_call(name: str) -> None:
    inputs, expected = CALLS[name]
    assert [list(shape) for shape in called(inputs)] == expected


@pytest.mark.parametrize("inputs", [{"initial_state": ["h", "c"]}, {"mask": "mask"}, []])
def test_call_without_a_sequence(inputs: Any) -> None:
    with pytest.raises(InvalidDocument) as caught:
        called(inputs)
    assert [fault.detail for fault in caught.value.faults] == ["the call gives no `sequences`"]


# ---- Keras's parameters --------------------------------------------------------------------------

LSTM_CELL = {"type": "LSTMCell", "units": 4}
GRU_CELL = {"type": "GRUCell", "units": 3, "reset_after": False}

WEIGHTS: dict[str, tuple[dict[str, Any], dict[str, tuple[int, ...]]]] = {
    "a cell": (
        {"cell": LSTM_CELL},
        {
            "lstm_cell/kernel": (5, 16),
            "lstm_cell/recurrent_kernel": (4, 16),
            "lstm_cell/bias": (16,),
        },
    ),
    "a list of cells": (
        {"cell": [GRU_CELL, {**GRU_CELL, "use_bias": False}]},
        {
            "stacked_rnn_cells/gru_cell/kernel": (5, 9),
            "stacked_rnn_cells/gru_cell/recurrent_kernel": (3, 9),
            "stacked_rnn_cells/gru_cell/bias": (9,),
            "stacked_rnn_cells/gru_cell_1/kernel": (3, 9),
            "stacked_rnn_cells/gru_cell_1/recurrent_kernel": (3, 9),
        },
    ),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights(name: str) -> None:
    parameters, expected = WEIGHTS[name]
    found = entry([None, 7, 5], "RNN", **parameters).weights
    assert {weight.name: weight.shape for weight in found} == expected


def test_only_the_frozen_cell_does_not_train() -> None:
    cells = [{**LSTM_CELL, "trainable": False}, GRU_CELL]
    found = entry([None, 7, 5], "RNN", cell=cells).weights
    assert {weight.name for weight in found if not weight.trainable} == {
        f"stacked_rnn_cells/lstm_cell/{name}" for name in ("kernel", "recurrent_kernel", "bias")
    }


def test_a_list_of_cells_gives_the_states_of_all() -> None:
    found = entry([2, 7, 5], "RNN", cell=[LSTM_CELL, GRU_CELL], return_state=True)
    assert found.output_shapes == ((2, 3), (2, 4), (2, 4), (2, 3))


REFUSED: dict[str, tuple[str, dict[str, Any], tuple[str, str]]] = {
    "a layer is no cell": (
        "RNN",
        {"cell": {"type": "LSTM", "units": 2}},
        (
            "/layers/0/cell",
            "needs a cell (SimpleRNNCell, GRUCell, LSTMCell, StackedRNNCells), got LSTM",
        ),
    ),
    "no cells": ("RNN", {"cell": []}, ("/layers/0/cell", "needs at least one cell, got none")),
    "no layer at all": (
        "RNN",
        {"cell": 3},
        ("/layers/0/cell", "needs a layer, or a list of layers, got 3"),
    ),
    "states kept for an open batch": (
        "GRU",
        {"units": 2, "stateful": True},
        (
            "/layers/0/stateful",
            "states that are kept from batch to batch need a known batch size, got (?, 7, 5)",
        ),
    ),
    "no units": ("LSTM", {"units": 0}, ("/layers/0/units", "needs an integer >= 1, got 0")),
    "strides and dilation": (
        "ConvLSTM1D",
        {"filters": 1, "kernel_size": 2, "strides": 2, "dilation_rate": 2},
        (
            "/layers/0/dilation_rate",
            "Keras does not stride and dilate at once, got strides [2] and dilation_rate [2]",
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    kind, parameters, expected = REFUSED[name]
    assert fault([None, 7, 5], kind, **parameters) == expected


def test_convolutional_layers_keep_their_layout() -> None:
    parameters = {"filters": 3, "kernel_size": 2, "data_format": "channels_first"}
    assert output([None, 7, 5, 9], "ConvLSTM1D", **parameters) == [None, 3, 8]
