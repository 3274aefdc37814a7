"""Whole models of `keras.applications`: every layer, every operation, and the sums."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from shapewright.arithmetic.dimension import is_known
from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Options
from shapewright.network.propagate import infer
from shapewright.network.report import Entry, Report
from tests.golden_data import GOLDEN, leaves, load

MODELS = sorted(path.name.removesuffix(".json.gz") for path in (GOLDEN / "keras_apps").iterdir())


def shapes_of(entry: Entry) -> list[list[int | None]]:
    return [[size if is_known(size) else None for size in shape] for shape in entry.output_shapes]


def weights_of(entry: Entry) -> list[Any]:
    return sorted((list(weight.shape), weight.trainable) for weight in entry.weights)


def said(entry: Entry) -> dict[str, Any]:
    """What the golden data say of a layer, as the report says it."""
    return {
        "name": entry.name,
        "class_name": entry.type,
        "output_shape": shapes_of(entry),
        "params": entry.params,
        "trainable_params": entry.trainable_params,
        "weights": weights_of(entry),
        "sublayers": [said(inner) for inner in entry.layers],
    }


def wanted(layer: dict[str, Any]) -> dict[str, Any]:
    """The golden data's own account; the weights of a model's layers lack their layers' names."""
    weights = [(weight["shape"], weight["trainable"]) for weight in layer.get("weight_shapes", [])]
    return {
        "name": layer["name"],
        "class_name": layer["class_name"],
        "output_shape": leaves(layer["output_shape"]),
        "params": layer.get("params", 0),
        "trainable_params": layer.get("trainable_params", 0),
        "weights": sorted(weights),
        "sublayers": [wanted(inner) for inner in layer.get("sublayers", [])],
    }


@cache
def report_of(name: str) -> Report:
    return infer(read_keras(load(f"keras_apps/{name}")["config"], Options()))


@pytest.mark.parametrize("name", MODELS)
def test_model_agrees_with_keras(name: str) -> None:
    golden = load(f"keras_apps/{name}")
    report = report_of(name)
    layers = [layer for layer in golden["layers"] if layer["class_name"] != "InputLayer"]
    expected = [wanted(layer) for layer in (*layers, *golden["operations"])]
    found = {entry.name: said(entry) for entry in report.layers}
    assert [found.get(layer["name"]) for layer in expected] == expected
    assert len(found) == len(report.layers) == len(expected)


@pytest.mark.parametrize("name", MODELS)
def test_totals_agree_with_keras(name: str) -> None:
    golden = load(f"keras_apps/{name}")
    totals = report_of(name).totals
    assert totals.params == golden["total_params"]
    assert totals.trainable_params == golden["trainable_params"]
    assert totals.non_trainable_params == golden["non_trainable_params"]


def test_there_are_models() -> None:
    assert len(MODELS) > 20
