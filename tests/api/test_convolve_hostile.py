"""A thousand broken bodies: each is answered, none costs more than is allowed, and life goes on."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import orjson
import pytest
from werkzeug.test import EnvironBuilder

from shapewright.api.app import create_app
from shapewright.api.settings import Settings
from tests.api.checked import CheckedClient
from tests.api.sending import FORM, JSON, NPY, NPZ, SENT, as_json, convolve, npy

MEGABYTE = 2**20
MEMORY = 16 * MEGABYTE
"""Bytes that a request may take: its body, arrays, output and answer, and eight of workspace."""

SMALL = Settings(
    max_body_bytes=MEGABYTE,
    max_json_bytes=MEGABYTE // 8,
    max_convolve_input_bytes=MEGABYTE,
    max_convolve_output_bytes=MEGABYTE,
    max_convolve_multiply_adds=10**7,
    max_convolve_json_numbers=10**5,
)

CONV = {"type": "Conv2D", "padding": "same", "strides": 2, "use_bias": False}
TORCH = {"framework": "torch", "type": "ConvTranspose2d", "stride": 2, "output_padding": 1}
SEPARABLE = {"type": "SeparableConv1D"}
POOL = {"framework": "torch", "type": "AvgPool2d", "kernel_size": 2, "ceil_mode": True}
X = np.arange(60, dtype="f4").reshape(1, 5, 4, 3)

SOUND: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (CONV, {"input": X, "kernel": np.ones((3, 3, 3, 2), "f4")}),
    (TORCH, {"input": X, "kernel": np.ones((5, 2, 2, 3), "f2"), "bias": np.ones(2)}),
    (
        SEPARABLE,
        {
            "input": X[0],
            "depthwise_kernel": np.ones((2, 3, 1), "c8"),
            "pointwise_kernel": np.ones((1, 3, 4), ">i4"),
        },
    ),
    (POOL, {"input": X.astype("u1")}),
]


def sent() -> Iterator[tuple[str, bytes]]:
    """Sound bodies of every kind, with their types."""
    for layer, arrays in SOUND:
        for form in SENT.values():
            built = EnvironBuilder(method="POST", **form(layer, arrays))
            yield str(built.get_environ()["CONTENT_TYPE"]), built.get_request().get_data()
            built.close()


SEEDS = list(sent())


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, taken out, put in, doubled, or cut off."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        place, length = chance.randrange(len(result) + 1), chance.choice([1, 1, 1, 2, 4, 40])
        new = chance.choice([chance.randbytes(length), b"\xff" * length, b"9" * length, b""])
        end = place + chance.choice([0, len(new), length])
        result[place:end] = new
        if chance.random() < 0.05:
            del result[place:]
        if chance.random() < 0.05:
            result *= 2
    return bytes(result)


def random_bytes(chance: random.Random) -> tuple[str, bytes]:
    beginning = chance.choice([b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b'{"layer":', b"--x\r\n"])
    media = chance.choice([JSON, NPZ, f"{FORM}; boundary=x"])
    return media, beginning + chance.randbytes(chance.choice([0, 5, 300]))


def damaged_body(chance: random.Random) -> tuple[str, bytes]:
    media, data = chance.choice(SEEDS)
    return media, damaged(data, chance)


VALUES = [None, True, 0, 1, 2, 3, 7, -1, 2**31 - 1, 2**63, 1.5, "same", "x", [], [2, 1], {}, "on"]


def strange_layer(chance: random.Random) -> tuple[str, bytes]:
    """A sound body with other values in its layer, or other shapes of its arrays."""
    layer, arrays = chance.choice(SOUND)
    names = [*layer, "filters", "kernel_size", "padding", "groups", "dilation_rate", "dilation"]
    changed = {chance.choice(names): chance.choice(VALUES) for _ in range(chance.randint(0, 2))}
    shapes = {
        name: np.ones([chance.choice([0, 1, 2, size]) for size in array.shape], array.dtype)
        for name, array in arrays.items()
        if chance.random() < 0.5
    }
    request = as_json({**layer, **changed}, {**arrays, **shapes})
    return JSON, request["data"]


ALL = "?mask=true&impulse=true"
ANSWERS = [(JSON, ""), (NPY, ""), (NPZ, ""), (JSON, ALL), (NPZ, ALL)]

KINDS: dict[str, tuple[int, Callable[[random.Random], tuple[str, bytes]]]] = {
    "random bytes": (200, random_bytes),
    "damaged": (600, damaged_body),
    "strange layers": (200, strange_layer),
}
"""How many bodies of each kind."""


@pytest.mark.parametrize("kind", KINDS)
def test_broken_bodies(kind: str) -> None:
    """No answer is a fault of the service, none takes much memory, and the next one is right."""
    count, make = KINDS[kind]
    chance, client = random.Random(kind), create_app(SMALL).test_client()
    found: Counter[int] = Counter()
    tracemalloc.start()
    try:
        for _ in range(count):
            media, data = make(chance)
            accept, query = chance.choice(ANSWERS)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            headers = {"Accept": accept}
            url = f"/v1/convolve{query}"
            response = client.post(url, data=data, content_type=media, headers=headers)
            assert tracemalloc.get_traced_memory()[1] - before < MEMORY
            assert response.status_code in (200, 400, 413, 415, 422), data
            found[response.status_code] += 1
    finally:
        tracemalloc.stop()
    assert found[400] + found[422] > count // 4
    checked = CheckedClient(client.application)
    for layer, arrays in SOUND:
        assert convolve(checked, layer, NPY, **arrays).status_code == 200


BOMBS: dict[str, bytes] = {
    "brackets": b'{"layer": {"type": "Conv2D"}, "input": ' + b"[" * 120_000,
    "lists of nothing": b'{"input": [' + b"[]," * 40_000 + b"[]]}",
    "lists of one": b'{"input": [' + b"[0]," * 30_000 + b"[0]]}",
    "numbers": b'{"input": [' + b"0," * 60_000 + b"0]}",
    "long numbers": b'{"input": [' + b"9" * 120_000 + b"]}",
    "members": orjson.dumps({f"m{i}": 0 for i in range(9_000)}),
    "parameters": orjson.dumps(
        {
            "layer": {"type": "Conv2D", **{f"p{i}": 0 for i in range(9_000)}},
            "input": [[[[1]]]],
            "kernel": [[[[1]]]],
        }
    ),
    "a nested layer": b'{"layer": {"type": ' + b"[" * 900 + b"]" * 900 + b'}, "input": [1]}',
    "a nested activation": b'{"layer": {"type": "Conv1D", "activation": '
    + b'{"a":' * 900 + b"1" + b"}" * 900
    + b'}, "input": [[[1]]], "kernel": [[[1]]]}',
}  # fmt: skip


@pytest.mark.parametrize("case", BOMBS)
def test_hostile_json(case: str) -> None:
    client = create_app(SMALL).test_client()
    tracemalloc.start()
    try:
        response = client.post("/v1/convolve", data=BOMBS[case], content_type=JSON)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert response.status_code in (400, 422), response.text
    assert peak < MEMORY


def test_many_parts_are_refused() -> None:
    client = create_app(SMALL).test_client()
    form = {"layer": "{}", **{f"kernel{i}": npy(np.ones(1)) for i in range(20)}}
    response = client.post("/v1/convolve", data=form, content_type=FORM)
    assert response.status_code == 413


def test_a_large_body_is_refused() -> None:
    client = create_app(SMALL).test_client()
    for media in (JSON, NPZ, f"{FORM}; boundary=x"):
        response = client.post("/v1/convolve", data=b" " * (MEGABYTE + 1), content_type=media)
        assert (response.status_code, response.get_json()["code"]) == (413, "too_large")


def test_an_upload_is_held_once() -> None:
    """A body of three quarters of a megabyte, and arrays that are views of it."""
    settings = Settings(max_convolve_json_numbers=10)
    client = create_app(settings).test_client()
    file = npy(np.ones((1, 100, 1000, 2), "f8"))
    head = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n'
    layer = orjson.dumps({"type": "MaxPooling2D", "pool_size": 100})
    body = head % b"layer" + layer + b"\r\n" + head % b"input" + file + b"\r\n--x--\r\n"
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        media = f"{FORM}; boundary=x"
        response = client.post("/v1/convolve", data=body, content_type=media)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert "numbers in a JSON answer" in response.get_json()["detail"]
    assert peak < 1.5 * len(body)
