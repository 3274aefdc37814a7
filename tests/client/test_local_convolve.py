"""Layers run through the client by the real application: numbers, and what can be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from shapewright.api.app import create_app
from shapewright.api.settings import Settings
from shapewright.client import (
    Client,
    InvalidArrays,
    InvalidNetwork,
    NotFound,
    Problem,
    ShapeMismatch,
    TooLarge,
    local,
)
from shapewright.client.in_process import URL, Transport
from tests.client.drawn_layers import CASES, Case
from tests.numeric.arrays import assert_near
from tests.numeric.test_convolutions import terms

INPUT = np.ones((1, 5, 5, 1), np.float32)
KERNEL = np.ones((3, 3, 1, 2), np.float32)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with local() as client:
        yield client


@settings(deadline=None, max_examples=150)
@given(CASES)
def test_the_numbers_are_those_of_naive_loops(client: Client, case: Case) -> None:
    came = client.convolve(case.layer, **case.arrays, mask=True, impulse=True)
    output = came.output if case.channels_last else np.moveaxis(came.output, 1, -1)
    finite = np.isfinite(case.expected)  # the greatest of a window over padding alone is not
    np.testing.assert_array_equal(output[~finite], case.expected[~finite])
    expected = np.where(finite, case.expected, 0)
    assert_near(np.where(finite, output, 0), expected, terms(case.arrays.values()))
    assert came.shape_agrees
    assert came.layer.output_shapes == (came.output.shape,)
    assert came.mask is not None
    assert came.mask.shape == case.expected.shape[1:-1]
    assert came.impulse is not None
    assert len(came.impulse) == came.mask.ndim


@settings(deadline=None, max_examples=50)
@given(CASES.filter(lambda case: case.counts_taps))
def test_the_report_counts_the_taps_that_the_mask_counts(client: Client, case: Case) -> None:
    came = client.convolve(case.layer, **case.arrays, mask=True)
    layer = came.layer
    assert layer.window is not None
    assert came.mask is not None
    assert layer.macs is not None
    assert layer.macs_on_data is not None
    taps = prod(layer.window.kernel_size) * came.mask.size  # type: ignore[arg-type]  # are known
    assert layer.macs_on_data * taps == layer.macs * int(came.mask.sum())


@pytest.mark.parametrize(
    ("layer", "arrays", "kind", "pointer"),
    [
        ({"type": "Conv2D", "stride": 2}, (INPUT, KERNEL), InvalidNetwork, "/layer/stride"),
        ({"type": "Conv2D", "filters": 3}, (INPUT, KERNEL), InvalidNetwork, "/layer/filters"),
        ({"type": "Conv2D"}, (INPUT[:, :2], KERNEL), ShapeMismatch, "/layer/kernel_size"),
        ({"type": "Conv2D"}, (INPUT, np.ones((3, 3, 2, 2))), InvalidArrays, "/kernel"),
        ({"type": "Conv2D"}, (INPUT, KERNEL, [1.0]), InvalidArrays, "/bias"),
        ({"type": "Conv2D"}, (INPUT > 0, KERNEL), InvalidArrays, "/input"),
        ({"type": "Conv2D"}, (INPUT, "a text"), InvalidArrays, "/kernel"),
        ({"type": "MaxPooling2D"}, (INPUT, KERNEL), InvalidArrays, "/kernel"),
        ({"type": "Flatten"}, (INPUT,), Problem, ""),
    ],
)
def test_what_is_wrong_is_raised_with_its_place(
    client: Client, layer: Any, arrays: Any, kind: type[Problem], pointer: str
) -> None:
    with pytest.raises(kind) as caught:
        client.convolve(layer, *arrays)
    assert type(caught.value) is kind
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (Settings(convolve="off"), NotFound),
        (Settings(max_convolve_input_bytes=99), TooLarge),
        (Settings(max_convolve_output_bytes=71), TooLarge),
        (Settings(max_convolve_multiply_adds=161), TooLarge),
    ],
)
def test_a_service_may_be_set_up_to_refuse(settings: Settings, kind: type[Problem]) -> None:
    bound = Client(URL, retries=0, transport=Transport(create_app(settings)))
    with pytest.raises(kind):
        bound.convolve({"type": "Conv2D"}, INPUT, KERNEL)


def test_an_activation_and_a_bias_that_are_left_out_are_noted(client: Client) -> None:
    came = client.convolve({"type": "Conv2D", "activation": "relu"}, -INPUT, KERNEL)
    assert came.output.max() == -9
    codes = {note.code for note in came.layer.notes}
    assert {"activation_left_out", "bias_left_out"} <= codes
