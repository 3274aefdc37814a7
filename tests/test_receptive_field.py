"""Receptive fields against published tables and against real networks that were probed."""

from __future__ import annotations

import gzip
import json
from fractions import Fraction
from typing import Any

import pytest

from shapewright.arithmetic.dimension import is_known
from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.receptive_field import Axis
from shapewright.network.report import Entry
from shapewright.render.report import report_json
from tests.golden_data import GOLDEN, load

PUBLISHED = load("receptive_field/published")
PROBED = load("receptive_field/stacks")


def axes_by_name(document: Any) -> dict[str, tuple[Axis, ...]]:
    """The receptive field of every layer call; later calls of a shared layer win."""
    return {
        entry.name: only_field(entry) for entry in infer(read_keras(document, Options())).layers
    }


def only_field(entry: Entry) -> tuple[Axis, ...]:
    assert entry.receptive_field is not None
    (axes,) = entry.receptive_field.values()
    return axes


def published_networks() -> list[tuple[str, int | None]]:
    pairs = {(row["network"], row["input_resolution"]) for row in PUBLISHED["rows"]}
    return sorted(pairs, key=str)


@pytest.mark.parametrize(("network", "resolution"), published_networks())
def test_published_value(network: str, resolution: int | None) -> None:
    facts = PUBLISHED["networks"][network]
    path = GOLDEN / "receptive_field" / "models" / f"{facts['files'][str(resolution)]}.gz"
    found = axes_by_name(json.loads(gzip.decompress(path.read_bytes())))
    rows = [
        row
        for row in PUBLISHED["rows"]
        if (row["network"], row["input_resolution"]) == (network, resolution)
    ]
    assert rows
    for row in rows:
        height, width = found[facts["end_points"][row["end_point"]]]
        sizes = [row["rf_size_y"], row["rf_size_x"]]
        assert [height.size, width.size] == sizes, row["end_point"]
        for axis in (height, width):
            assert axis.stride == row["effective_stride"], row["end_point"]
            start = -axis.start if axis.start is not None and is_known(axis.start) else None
            assert start == row["effective_padding"], row["end_point"]


@pytest.mark.parametrize("stack", PROBED["stacks"] + PROBED["extras"], ids=lambda s: s["id"])
def test_probed_network(stack: dict[str, Any]) -> None:
    found = axes_by_name(stack["keras"])
    for layer in stack["layers"]:
        axes = found[layer["name"]]
        assert len(axes) == len(layer["axes"]), layer["name"]
        for axis, probed in zip(axes, layer["axes"], strict=True):
            told = (axis.size, axis.stride, axis.start, axis.aligned)
            wanted = (
                probed["rf_size"],
                Fraction(probed["effective_stride_fraction"]),
                -probed["effective_padding"],
                probed["aligned"],
            )
            assert told == wanted, layer["name"]
            assert axis.exact == (probed["rf_size"] == probed["rf_size_min"]), layer["name"]


def test_strides_past_what_json_keeps_are_not_told() -> None:
    pool = {"type": "MaxPooling1D", "pool_size": 3, "strides": 2, "padding": "same"}
    stack = {"input_shape": [None, 64, 1], "layers": [pool] * 80}
    layers = json.loads(report_json(infer(read_stack(stack, Options()))))["layers"]
    assert layers[29]["receptive_field"]["stride"] == [2**30]
    assert layers[-1]["receptive_field"]["stride"] == [None]


def test_branches_that_drift_past_what_json_keeps_have_no_size() -> None:
    far = {"type": "MaxPooling1D", "strides": 2**20, "padding": "same"}
    longer = {"type": "ZeroPadding1D", "padding": [0, 2**30]}
    layers = [far, far, longer, longer | {"name": "near", "inputs": "input"}]
    layers += [{"type": "Add", "name": "sum", "inputs": ["zero_padding1d", "near"]}]
    report = infer(read_stack({"input_shape": [None, 1, 1], "layers": layers}, Options()))
    (axis,) = only_field(report.layers[-1])
    assert axis.size is None


def test_fields_too_intricate_for_a_report_are_left_out() -> None:
    conv = {"type": "Conv1D", "filters": 1, "kernel_size": 3, "padding": "same"}
    layers = [{"type": "UpSampling1D", "size": 4000}, *[conv] * 200]
    stack = {"input_shape": [None, 4, 1], "layers": layers}
    told = json.loads(report_json(infer(read_stack(stack, Options()))))["layers"]
    assert told[1]["receptive_field"]["stride"] == ["1/4000"]
    assert "receptive_field" not in told[-1]


def test_fields_that_take_too_long_are_left_out_and_that_is_noted() -> None:
    resize = {"type": "UpSampling1D", "size": 4095}
    layers = [resize, *({"type": "Conv1D", "filters": 1, "kernel_size": 1} for _ in range(300))]
    report = infer(read_stack({"input_shape": [None, None, 1], "layers": layers}, Options()))
    assert [note.code for note in report.notes] == ["fields_left_out"]
    assert report.layers[0].receptive_field
    assert not report.layers[-1].receptive_field
