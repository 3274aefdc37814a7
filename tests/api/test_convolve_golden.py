"""Every array case of the golden data through HTTP, in one form or another."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

import numpy as np
import pytest

from tests.api.checked import CheckedClient
from tests.api.sending import JSON, NPY, NPZ, SENT, convolve, loaded
from tests.golden_data import GOLDEN

FOLDER = GOLDEN / "convolve"
CASES = json.loads((FOLDER / "index.json").read_text())
FORMS = list(zip(CASES, cycle(SENT), cycle([NPY, NPZ, JSON]), strict=False))

RELATIVE = {"float32": 1e-5, "float64": 1e-12}
TOLD = frozenset(("filters", "in_channels", "out_channels", "kernel_size"))


def from_json(response: Any) -> tuple[Any, Any, Any]:
    told = response.get_json()
    output = told["output"]
    array = np.array(output["data"], output["dtype"]).reshape(output["shape"])
    return array, told["layer"], told["shape_agrees"]


def from_npy(response: Any) -> tuple[Any, Any, Any]:
    told = map(response.headers.get, ("Shapewright-Layer", "Shapewright-Shape-Agrees"))
    return loaded(response.data), *map(json.loads, told)


def from_npz(response: Any) -> tuple[Any, Any, Any]:
    members = loaded(response.data)
    told = json.loads(str(members["report"]))
    return members["output"], told["layer"], told["shape_agrees"]


READ = {JSON: from_json, NPY: from_npy, NPZ: from_npz}


@pytest.mark.parametrize(
    ("case", "sent", "accept"),
    FORMS,
    ids=[f"{case['file'][5:8]}-{case['layer']['type']}-{sent}" for case, sent, _ in FORMS],
)
def test_arrays_agree_with_the_framework(
    client: CheckedClient, case: dict[str, Any], sent: str, accept: str
) -> None:
    arrays = dict(np.load(FOLDER / case["file"]))
    expected = arrays.pop("expected")
    told = TOLD if "input" in arrays and len(arrays) > 1 else frozenset()
    for layer in (case["layer"], {k: v for k, v in case["layer"].items() if k not in told}):
        response = convolve(client, layer, accept, sent=sent, checked=False, **arrays)
        assert (response.status_code, response.mimetype) == (200, accept), response.text
        output, entry, agrees = READ[accept](response)
        assert list(output.shape) == case["expected_shape"] == entry["output_shapes"][0]
        assert (agrees, entry["type"]) == (True, layer["type"])
        off = np.abs(output - expected).max() / np.abs(expected).max()
        assert off <= RELATIVE[str(expected.dtype)]
