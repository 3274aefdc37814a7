"""Every array case of the golden data: what Keras on TensorFlow and PyTorch make of real arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.numeric.convolve import run
from shapewright.numeric.kernels import KernelLayout
from shapewright.operations.base import Operation
from tests.golden_data import GOLDEN

FOLDER: Path = GOLDEN / "convolve"
CASES = json.loads((FOLDER / "index.json").read_text())

LAYOUTS = {"keras": KernelLayout.TAPS_FIRST, "torch": KernelLayout.CHANNELS_FIRST}
RELATIVE = {"float32": 1e-5, "float64": 1e-12}
"""By the type of the expected output: Keras answers in single precision unless told not to."""


def operation(layer: dict[str, Any], shape: tuple[int, ...]) -> Operation:
    """The operation of a layer with its framework."""
    parameters = {name: value for name, value in layer.items() if name != "framework"}
    stack = {"framework": layer["framework"], "input_shape": shape, "layers": [parameters]}
    return read_stack(json.loads(json.dumps(stack)), Options()).layers[0].operation


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['file'][5:8]}-{case['layer']['type']}"
)
def test_arrays_agree_with_the_framework(case: dict[str, Any]) -> None:
    """The same shape, and numbers as near as their type lets them be."""
    arrays = dict(np.load(FOLDER / case["file"]))
    expected = arrays.pop("expected")
    layer = case["layer"]
    result = run(operation(layer, arrays["input"].shape), arrays, LAYOUTS[layer["framework"]])
    assert list(result.shape) == case["expected_shape"]
    off = np.abs(result - expected).max() / np.abs(expected).max()
    assert off <= RELATIVE[str(expected.dtype)]
