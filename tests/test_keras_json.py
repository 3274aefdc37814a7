"""Keras models as JSON, made by the real Keras 3 and tf.keras 2: every call, weight and sum."""

from __future__ import annotations

from typing import Any, Final

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, is_known
from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Options
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from shapewright.vocabularies.keras.ops import OPERATIONS
from tests.golden_data import load

CASES = {
    f"{made}-{case['name']}": case
    for made in ("keras3", "tfkeras2")
    for case in load(f"models/{made}")["cases"]
}


def shapes_of(entry: Entry) -> list[list[int | None]]:
    return [[size if is_known(size) else None for size in shape] for shape in entry.output_shapes]


def said(name: str, entries: list[Entry]) -> dict[str, Any]:
    """What a fixture says of a layer, as the report says it: all its calls, its weights once."""
    weights = sorted([list(weight.shape), weight.trainable] for weight in entries[0].weights)
    return {
        "name": name,
        "class_name": entries[0].type,
        "calls": [shapes_of(entry) for entry in entries],
        "weights": weights,
    }


def layers_of(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    calls: dict[str, list[Entry]] = {}
    for entry in entries:
        calls.setdefault(entry.name, []).append(entry)
    return [said(name, own) for name, own in calls.items()]


def by_name(layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {layer["name"]: layer for layer in layers}


@pytest.mark.parametrize("name", CASES)
def test_model_agrees_with_keras(name: str) -> None:
    case = CASES[name]
    report = infer(read_keras(case["document"], Options()))
    outputs = [[s if is_known(s) else None for s in tensor.shape] for tensor in report.outputs]
    assert outputs == case["outputs"]
    assert by_name(layers_of(report.layers)) == by_name(case["layers"])
    assert report.totals.params == case["params"]
    assert report.totals.trainable_params == case["trainable_params"]


UNSEEN: Final = {
    "Abs": "written as Absolute",
    "Array": "made of what is no tensor yet",
    "BatchNorm": "called by the layer only",
    "Conj": "written as Conjugate",
    "ConvertToTensor": "made of what is no tensor yet",
    "Ndim": "a function of tf.keras 2",
    "Shape": "a function of tf.keras 2",
    "Size": "a function of tf.keras 2",
}
"""Operations that no model of Keras 3 holds, and why."""


def test_every_operation_is_held_to_keras() -> None:
    layers = [
        layer
        for name, case in CASES.items()
        if name.startswith("keras3")
        for layer in case["document"]["config"]["layers"]
    ]
    seen = {layer["class_name"] for layer in layers if "keras.src.ops" in layer["module"]}
    assert set(OPERATIONS.types) - seen == set(UNSEEN)


def test_multiply_adds_of_an_operation() -> None:
    report = infer(read_keras(CASES["keras3-attention_as_an_operation"]["document"], Options()))
    assert report.layers[0].macs == 2 * 9 * 5 * (4 + 4)


def test_models_of_the_first_versions() -> None:
    """As tf.keras 2.0 wrote it: class `Model`, and a sequential model without an `InputLayer`."""
    dense = {"name": "dense", "units": 3, "batch_input_shape": [None, 4]}
    inner = {"name": "inner", "layers": [{"class_name": "Dense", "config": dense}]}
    document = {
        "class_name": "Model",
        "config": {
            "name": "model",
            "layers": [
                {
                    "class_name": "InputLayer",
                    "config": {"batch_input_shape": [None, 4], "name": "x"},
                    "name": "x",
                    "inbound_nodes": [],
                },
                {
                    "class_name": "Sequential",
                    "config": inner,
                    "name": "inner",
                    "inbound_nodes": [[["x", 0, 0, {}]], [["x", 0, 0, {}]]],
                },
            ],
            "input_layers": [["x", 0, 0]],
            "output_layers": [["inner", 2, 0], ["inner", 1, 0]],
        },
        "keras_version": "2.2.4-tf",
        "backend": "tensorflow",
    }
    report = infer(read_keras(document, Options()))
    assert [tensor.shape for tensor in report.outputs] == [(UNKNOWN, 3)] * 2
    assert report.totals.params == 4 * 3 + 3
