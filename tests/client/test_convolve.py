"""Arrays there and back, on a transport that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import requests

from shapewright.client import Busy, Convolved, NotFound, Problem, TooLarge, UnexpectedAnswer
from tests.client.fakes import URL, Reply, client_of, problem, says

LAYER = {"type": "Conv2D", "strides": np.int64(2), "padding": "same"}
ENTRY = {
    "index": 0,
    "name": "conv2d",
    "type": "Conv2D",
    "input_shapes": [[1, 4, 4, 1]],
    "output_shapes": [[1, 2, 2, 1]],
    "macs": 36,
}
TOLD = {"layer": ENTRY, "shape_agrees": True}
INPUT = np.zeros((1, 4, 4, 1), np.float32)
KERNEL = np.ones((3, 3, 1, 1), np.float32)
EVERY_TYPE = ["<f2", ">f4", "<f8", "|i1", ">u2", "<i4", "<u8", "<c8", ">c16"]


def archive(members: Mapping[str, Any]) -> bytes:
    file = BytesIO()
    np.savez(file, **members)
    return file.getvalue()


def answers(**members: Any) -> Reply:
    told = {"report": json.dumps(TOLD), "output": INPUT, **members}
    return says(200, archive(told), media="application/x-npz")


def sent(request: requests.PreparedRequest) -> dict[str, Any]:
    assert isinstance(request.body, bytes)
    with np.load(BytesIO(request.body), allow_pickle=False) as members:
        return dict(members)


def test_layer_and_arrays_are_posted_as_one_archive() -> None:
    client, transport = client_of(answers())
    client.convolve(LAYER, INPUT, KERNEL, [1.5])
    (request,) = transport.requests
    assert (request.method, request.url) == ("POST", f"{URL}/v1/convolve")
    assert request.headers["Content-Type"] == request.headers["Accept"] == "application/x-npz"
    members = sent(request)
    assert list(members) == ["layer", "input", "kernel", "bias"]
    assert members["layer"].shape == ()
    assert json.loads(members["layer"].item()) == {**LAYER, "strides": 2}
    np.testing.assert_array_equal(members["kernel"], KERNEL)
    assert members["bias"].tolist() == [1.5]


def test_a_separable_layer_has_two_kernels_and_a_pool_none() -> None:
    client, transport = client_of(answers())
    client.convolve(LAYER, INPUT, depthwise_kernel=KERNEL, pointwise_kernel=KERNEL)
    client.convolve(LAYER, INPUT)
    separable, pool = map(sent, transport.requests)
    assert list(separable) == ["layer", "input", "depthwise_kernel", "pointwise_kernel"]
    assert list(pool) == ["layer", "input"]


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({}, {}),
        ({"mask": True}, {"mask": ["true"]}),
        ({"mask": True, "impulse": True}, {"mask": ["true"], "impulse": ["true"]}),
    ],
)
def test_what_is_asked_for_stands_in_the_query(options: Any, query: Any) -> None:
    client, transport = client_of(answers())
    client.convolve(LAYER, INPUT, **options)
    assert parse_qs(urlsplit(str(transport.requests[0].url)).query) == query


@pytest.mark.parametrize("dtype", EVERY_TYPE)
@pytest.mark.parametrize("order", ["C", "F"])
def test_no_bit_is_lost_either_way(dtype: str, order: Any) -> None:
    bits = np.random.default_rng(3).bytes(6 * np.dtype(dtype).itemsize)
    array = np.asarray(np.frombuffer(bits, dtype).reshape(1, 2, 3), order=order)
    client, transport = client_of(answers(output=array))
    came = client.convolve(LAYER, array).output
    for copy in (came, sent(transport.requests[0])["input"]):
        assert (copy.dtype, copy.tobytes()) == (array.dtype, array.tobytes())


@pytest.mark.parametrize("array", [INPUT[:, ::2, ::-1], np.zeros((0, 4, 4, 1)), np.float32(3)])
def test_views_and_empty_arrays_travel(array: Any) -> None:
    client, transport = client_of(answers())
    client.convolve(LAYER, array)
    np.testing.assert_array_equal(sent(transport.requests[0])["input"], array)


def test_the_answer_is_typed() -> None:
    client, _ = client_of(answers())
    came = client.convolve(LAYER, INPUT, KERNEL)
    assert isinstance(came, Convolved)
    np.testing.assert_array_equal(came.output, INPUT)
    assert (came.layer.name, came.layer.macs) == ("conv2d", 36)
    assert came.layer.output_shapes == ((1, 2, 2, 1),)
    assert came.shape_agrees is True
    assert (came.mask, came.impulse) == (None, None)
    assert came.raw["layer"] == ENTRY
    assert came != client.convolve(LAYER, INPUT, KERNEL)
    assert len({came, came}) == 1


def test_mask_and_impulse_come_along() -> None:
    impulse = [{"axis": 1, "windows": [{"output": 3, "reads": [2, None]}]}]
    told = json.dumps({**TOLD, "impulse": impulse})
    client, _ = client_of(answers(report=told, mask=np.array([[4, 6]])))
    came = client.convolve(LAYER, INPUT, KERNEL, mask=True, impulse=True)
    assert came.mask is not None
    assert came.mask.tolist() == [[4, 6]]
    assert came.impulse is not None
    ((window,),) = (samples.windows for samples in came.impulse)
    assert (came.impulse[0].axis, window.output, window.reads) == (1, 3, (2, None))


@pytest.mark.parametrize(
    ("layer", "array", "told"),
    [
        (LAYER, np.array([object()]), "`input` is an array of numbers, got one of object"),
        (LAYER, np.zeros(1, [("a", "O")]), "`input` is an array of numbers"),
        ([LAYER], INPUT, "a layer is a dict, got list"),
        ({"type": object()}, INPUT, "JSON has no word for it, got object"),
    ],
)
def test_what_is_no_layer_or_no_array_of_numbers_is_not_sent(
    layer: Any, array: Any, told: str
) -> None:
    client, transport = client_of(answers())
    with pytest.raises(TypeError, match=told):
        client.convolve(layer, array)
    assert transport.requests == []


class Mine:
    """What a pickle could bring to life."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("it was brought to life",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>log in</html>",
        json.dumps(TOLD).encode(),
        archive({"output": INPUT, "report": json.dumps(TOLD)})[:-40],
        archive({"output": INPUT}),
        archive({"report": json.dumps(TOLD)}),
        archive({"output": INPUT, "report": "[]"}),
        archive({"output": INPUT, "report": json.dumps({"shape_agrees": True})}),
        archive({"output": np.array([Mine()]), "report": json.dumps(TOLD)}),
        archive({"output": INPUT, "report": np.array(Mine())}),
    ],
)
def test_another_answer_is_not_expected(body: bytes) -> None:
    client, _ = client_of(says(200, body, media="application/x-npz"))
    with pytest.raises(UnexpectedAnswer, match="POST /v1/convolve: expected a file of arrays"):
        client.convolve(LAYER, INPUT)


def test_a_busy_service_is_waited_for_as_long_as_it_asks(slept: list[float]) -> None:
    busy = says(503, problem(503), {"Retry-After": "2"})
    client, transport = client_of(busy, answers())
    assert client.convolve(LAYER, INPUT, KERNEL).shape_agrees
    assert 2 < slept[0] < 3
    first, second = transport.requests
    assert first.body == second.body


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (413, TooLarge), (422, Problem), (503, Busy)]
)
def test_a_problem_is_raised_as_one_of_the_family(status: int, kind: type[Problem]) -> None:
    client, _ = client_of(says(status, problem(status)), retries=0)
    with pytest.raises(kind) as caught:
        client.convolve(LAYER, INPUT)
    assert caught.value.status == status
