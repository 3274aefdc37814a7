"""Layers around layers: what they make of the layer inside, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.attention import Attention
from shapewright.operations.base import Link, Links, Weight
from shapewright.operations.identity import Elementwise
from shapewright.operations.merge import Concatenate
from shapewright.operations.steps import TimeDistributed
from shapewright.operations.wrapper import Fed, fed
from tests.single_layer import entry, fault, output

U = UNKNOWN
CONV = {"type": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "strides": 2}
LSTM = {"type": "LSTM", "units": 3}
BACKWARDS = {**LSTM, "go_backwards": True}

# ---- every step by itself ------------------------------------------------------------------------

STEPS: dict[str, tuple[dict[str, Any], list[int | None], list[int | None]]] = {
    "images": (CONV, [None, 5, 32, 31, 3], [None, 5, 16, 16, 4]),
    "an open number of steps": (CONV, [2, None, 32, 31, 3], [2, None, 16, 16, 4]),
    "vectors": ({"type": "Dense", "units": 4}, [None, 5, 3], [None, 5, 4]),
    "sequences": (LSTM, [None, 5, 7, 2], [None, 5, 3]),
    "steps of steps": (
        {"type": "TimeDistributed", "layer": {"type": "Dense", "units": 4}},
        [None, 5, 7, 3],
        [None, 5, 7, 4],
    ),
    "fewer axes": ({"type": "Flatten"}, [None, 5, 2, 3], [None, 5, 6]),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    layer, shape, expected = STEPS[name]
    assert output(shape, "TimeDistributed", layer=layer) == expected


def test_a_convolution_at_every_step_costs_it_every_time_but_has_its_weights_once() -> None:
    alone = entry([None, 32, 31, 3], **renamed(CONV))
    found = entry([None, 5, 32, 31, 3], "TimeDistributed", layer=CONV)
    assert found.macs == 5 * alone.macs
    assert found.weights == (
        Weight("conv2d/kernel", (3, 3, 3, 4)),
        Weight("conv2d/bias", (4,)),
    )


def renamed(layer: dict[str, Any]) -> dict[str, Any]:
    """A layer as keyword arguments."""
    return {"kind" if key == "type" else key: value for key, value in layer.items()}


def test_the_window_at_every_step_lies_on_the_axes_of_the_sequence() -> None:
    alone = entry([None, 32, 31, 3], **renamed(CONV)).window
    found = entry([None, 5, 32, 31, 3], "TimeDistributed", layer=CONV).window
    assert alone is not None
    assert found is not None
    assert (found.axes, found.placements) == ((2, 3), alone.placements)
    assert found.tap_macs == 5 * alone.tap_macs


COUNTS: dict[str, tuple[dict[str, Any], list[int | None], Dimension]] = {
    "of an open number of steps": (CONV, [2, None, 32, 31, 3], U),
    "nothing, however often": ({"type": "Flatten"}, [2, None, 2, 3], 0),
}


@pytest.mark.parametrize("name", COUNTS)
def test_macs(name: str) -> None:
    layer, shape, expected = COUNTS[name]
    assert entry(shape, "TimeDistributed", layer=layer).macs == expected


def test_a_step_sees_itself_alone() -> None:
    links = TimeDistributed(Elementwise()).infer(((2, 5, 3),)).links
    assert links == ((Link(0), Link(1), Link(2)),)


# ---- both ways -----------------------------------------------------------------------------------

MERGED: dict[str, tuple[dict[str, Any], Shapes]] = {
    "concat": ({"merge_mode": "concat"}, ((U, 6),)),
    "sum": ({"merge_mode": "sum"}, ((U, 3),)),
    "mul": ({"merge_mode": "mul"}, ((U, 3),)),
    "ave": ({"merge_mode": "ave"}, ((U, 3),)),
    "null": ({"merge_mode": None}, ((U, 3), (U, 3))),
    "by default": ({}, ((U, 6),)),
    "concat, other units": ({"backward_layer": {**BACKWARDS, "units": 2}}, ((U, 5),)),
    "sum, one unit": (
        {"merge_mode": "sum", "backward_layer": {**BACKWARDS, "units": 1}},
        ((U, 3),),
    ),
    "the backward layer first": ({"layer": BACKWARDS, "backward_layer": LSTM}, ((U, 6),)),
    "every step": ({"layer": {**LSTM, "return_sequences": True}}, ((U, 7, 6),)),
    "states": ({"layer": {**LSTM, "return_state": True}}, ((U, 6), *((U, 3),) * 4)),
    "states and both": (
        {"layer": {**LSTM, "return_state": True}, "merge_mode": None},
        ((U, 3),) * 6,
    ),
    "cells": ({"layer": {"type": "RNN", "cell": [{"type": "GRUCell", "units": 2}]}}, ((U, 4),)),
}


@pytest.mark.parametrize("name", MERGED)
def test_merge(name: str) -> None:
    parameters, expected = MERGED[name]
    found = entry([None, 7, 5], "Bidirectional", **{"layer": LSTM, **parameters})
    assert found.output_shapes == expected


def test_both_directions_have_weights_and_cost_something() -> None:
    found = entry([None, 7, 5], "Bidirectional", layer={**LSTM, "name": "reader"})
    names = [weight.name for weight in found.weights if weight.name.endswith("_cell/kernel")]
    assert names == ["forward_reader/lstm_cell/kernel", "backward_reader/lstm_cell/kernel"]
    assert found.macs == 2 * 7 * 4 * 3 * (5 + 3)


# ---- a normalized kernel -------------------------------------------------------------------------


def test_the_singular_vector_does_not_train() -> None:
    found = entry([None, 8, 8, 3], "SpectralNormalization", layer=CONV)
    assert found.weights[-1] == Weight("vector_u", (1, 4), trainable=False)


# ---- what is refused -----------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, list[int | None], dict[str, Any], tuple[str, str]]] = {
    "nothing at a step": (
        "TimeDistributed",
        [None, 5],
        {"layer": {"type": "Dense", "units": 4}},
        ("/layers/0", "needs 3 axes or more (batch, time, ...), got (?, 5)"),
    ),
    "several outputs at a step": (
        "TimeDistributed",
        [2, 5, 7, 3],
        {"layer": {**LSTM, "return_state": True}},
        (
            "/layers/0",
            "the layer at each step has to give one output, it gives 3: ((2, 3), (2, 3), (2, 3))",
        ),
    ),
    "no recurrent layer": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": {"type": "Dense", "units": 4}},
        ("/layers/0/layer", "needs a recurrent layer, got Dense"),
    ),
    "a backward layer that is none": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": LSTM, "backward_layer": {"type": "Dense", "units": 4}},
        ("/layers/0/backward_layer", "needs a recurrent layer, got Dense"),
    ),
    "backwards twice": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": BACKWARDS},
        ("/layers/0/layer", "one layer has to go backwards, got go_backwards true for both"),
    ),
    "never backwards": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": LSTM, "backward_layer": LSTM},
        (
            "/layers/0/backward_layer",
            "one layer has to go backwards, got go_backwards false for both",
        ),
    ),
    "a sequence and a vector": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": LSTM, "backward_layer": {**BACKWARDS, "return_sequences": True}},
        (
            "/layers/0/backward_layer",
            "both layers need the same return_sequences, got false and true",
        ),
    ),
    "a fault inside": (
        "Bidirectional",
        [None, 7, 5],
        {"layer": {**LSTM, "units": -1}},
        ("/layers/0/layer/units", "needs an integer >= 1, got -1"),
    ),
    "no kernel": (
        "SpectralNormalization",
        [None, 5],
        {"layer": {"type": "Flatten"}},
        ("/layers/0/layer", "needs a layer with a weight flatten/kernel or flatten/embeddings"),
    ),
    "no layer": (
        "TimeDistributed",
        [None, 7, 5],
        {"layer": "Dense"},
        ("/layers/0/layer", "needs a layer, got 'Dense'"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    kind, shape, parameters, expected = REFUSED[name]
    assert fault(shape, kind, **parameters) == expected


# ---- fed by number -------------------------------------------------------------------------------

FED: dict[str, tuple[tuple[Any, ...], Shapes, Shapes]] = {
    "in another order": ((1, 0), ((2, 3), (2, 4)), ((2, 7),)),
    "some of them": ((2, 0), ((2, 3), (9, 9), (2, 4)), ((2, 7),)),
    "one twice": ((0, 0), ((2, 3),), ((2, 6),)),
    "beside a constant": (((2, 5), 0), ((2, 3),), ((2, 8),)),
}


@pytest.mark.parametrize("name", FED)
def test_fed(name: str) -> None:
    operands, inputs, expected = FED[name]
    assert Fed(Concatenate(-1), operands).infer(inputs).outputs == expected


def test_an_input_that_is_fed_twice_is_seen_as_both_uses_see_it() -> None:
    links = Fed(Attention(), (1, 0, 0)).infer(((2, 9, 5), (2, 7, 5), (2, 9))).links
    expected: tuple[Links, ...] = (
        (Link(0), None, None),
        (Link(0), Link(1), None),
        (None, None),
    )
    assert links == expected


def test_all_inputs_in_order_need_no_feeding() -> None:
    assert fed(Concatenate(-1), (0, 1), 2) == Concatenate(-1)
    assert fed(Concatenate(-1), (0, 1), 3) == Fed(Concatenate(-1), (0, 1))


def test_a_fault_of_the_fed_operation_is_its_own() -> None:
    with pytest.raises(ShapeError):
        Fed(Concatenate(-1), (0, 1)).infer(((2, 3), (4, 3)))
