"""Documents made to hurt: each is answered soon, with a problem or a report, never with a 500."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.api.checked import CheckedClient

LARGEST = 2**31 - 1
CONV: dict[str, Any] = {"type": "Conv2D", "filters": 8, "kernel_size": 3}


def nested(depth: int, opening: str, closing: str, middle: str = "1") -> str:
    return opening * depth + middle + closing * depth


def stack(*layers: Any, **more: Any) -> bytes:
    return orjson.dumps({"input_shape": [None, 8, 8, 3], "layers": list(layers), **more})


def with_raw(place: bytes, text: str) -> bytes:
    """A document with text that orjson would not write."""
    return stack({**CONV, "name": "PLACE"}).replace(place, text.encode())


def wrapped(depth: int) -> dict[str, Any]:
    layer: dict[str, Any] = {"type": "Flatten"}
    for _ in range(depth):
        layer = {"type": "TimeDistributed", "layer": layer}
    return layer


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


def keras(*layers: Any, **config: Any) -> bytes:
    return orjson.dumps({"class_name": "Sequential", "config": {"layers": list(layers), **config}})


HOSTILE: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: b"[" * 1_000_000,
    "objects in objects": lambda: nested(100_000, '{"layers":', "}").encode(),
    "nested inputs": lambda: with_raw(b'"PLACE"', f'null,"inputs":{nested(900, "[", "]")}'),
    "nested named inputs": lambda: with_raw(
        b'"PLACE"', f'null,"inputs":{nested(900, chr(123) + chr(34) + "a" + chr(34) + ":", "}")}'
    ),
    "nested call": lambda: with_raw(b'"PLACE"', f'null,"call":{nested(900, "[", "]")}'),
    "a nested parameter": lambda: with_raw(b'"PLACE"', f'null,"strides":{nested(900, "[", "]")}'),
    "a nested initializer": lambda: with_raw(
        b'"PLACE"', f'null,"kernel_initializer":{nested(900, "[", "]")}'
    ),
    "a nested name": lambda: with_raw(b'"PLACE"', nested(900, "[", "]")),
    "a nested type": lambda: with_raw(b'"Conv2D"', nested(900, "[", "]")),
    "a nested framework": lambda: stack(framework=[[[[[]]]]]),
    "wrappers in wrappers": lambda: stack(wrapped(200)),
    "a huge integer": lambda: with_raw(b'"PLACE"', f'null,"strides":{"9" * 5000}'),
    "a huge float": lambda: with_raw(b'"PLACE"', 'null,"strides":1e400'),
    "minus zero": lambda: with_raw(b'"PLACE"', 'null,"strides":-0.0'),
    "the largest integers": lambda: stack(
        {"type": "Conv2D", "filters": LARGEST, "kernel_size": LARGEST, "padding": "same"},
        {"type": "Conv2D", "filters": LARGEST, "kernel_size": LARGEST, "padding": "same"},
        input_shape=[LARGEST] * 4,
    ),
    "counts that add up past 64 bits": lambda: stack(
        *[{"type": "UpSampling2D", "size": 1}] * 5000, input_shape=[1, 2**20, 2**20, 2**12]
    ),
    "strides that multiply past 64 bits": lambda: stack(
        *[{**CONV, "kernel_size": 2, "strides": LARGEST, "padding": "same"}] * 12
    ),
    "dilations that add up past 64 bits": lambda: stack(
        *[{**CONV, "kernel_size": LARGEST, "dilation_rate": LARGEST, "padding": "same"}] * 12
    ),
    "an empty axis": lambda: stack(CONV, input_shape=[0, 0, 0, 0]),
    "a rank past the bound": lambda: stack(input_shape=[1] * 10_000),
    "many layers": lambda: stack(*[{"type": "Flatten"}] * 30_000),
    "many bad layers": lambda: stack(*[{"type": "Flatten", "x": 1}] * 15_000),
    "many unknown types": lambda: stack(*[{"type": f"Layer{i}"} for i in range(15_000)]),
    "many unknown parameters": lambda: stack({**CONV, **{f"p{i}": i for i in range(50_000)}}),
    "many unknown members": lambda: stack(CONV, **{f"m{i}": i for i in range(50_000)}),
    "many inputs": lambda: orjson.dumps(
        {"inputs": {f"i{i}": [1] for i in range(20_000)}, "layers": []}
    ),
    "a layer that reads itself": lambda: stack({**CONV, "name": "a", "inputs": "a"}),
    "a circle": lambda: stack(
        {**CONV, "name": "a", "inputs": "b"}, {**CONV, "name": "b", "inputs": "a"}
    ),
    "a layer read by all": lambda: stack(
        {"type": "Flatten", "name": "a"},
        *[{"type": "Flatten", "inputs": "a"} for _ in range(5000)],
    ),
    "a layer that reads all": lambda: stack(
        *[{"type": "Flatten", "name": f"n{i}", "inputs": "input"} for i in range(2000)],
        *[{"type": "Concatenate", "inputs": [f"n{i}" for i in range(2000)]} for _ in range(50)],
    ),
    "a name with a megabyte": lambda: stack({**CONV, "name": "n" * 2**20}),
    "a type with a megabyte": lambda: stack({"type": "n" * 2**20}),
    "a parameter with a megabyte": lambda: stack({**CONV, "n" * 2**20: 1}),
    "a string with zeros": lambda: stack({**CONV, "name": "\0"}),
    "keys twice": lambda: b'{"layers":[],"layers":[],"input_shape":[1],"input_shape":[2]}',
    "a string in a string": lambda: orjson.dumps(orjson.dumps(stack(CONV).decode()).decode()),
    "an empty archive": lambda: b"PK\x05\x06" + b"\0" * 18,
    "an archive without a model": lambda: zipped(a=b""),
    "an archive in an archive": lambda: zipped(config_json=zipped(config_json=b"{}")),
    "a bomb": lambda: zipped(config_json=b" " * (80 * 2**20)),
    "a Keras model in itself, often": lambda: keras_tower(50),
    "a Keras model without a config": lambda: b'{"class_name": "Sequential"}',
    "a Keras model of nothing": keras,
    "Keras layers that are none": lambda: keras(1, None, [], {}, "x"),
    "Keras nodes that are none": lambda: orjson.dumps(
        {
            "class_name": "Functional",
            "config": {
                "layers": [{"class_name": "Dense", "config": {}, "inbound_nodes": [[[[]]], 7, {}]}],
                "input_layers": [["x", 0, 0]],
                "output_layers": {"a": [1, 2]},
            },
        }
    ),
}


def keras_tower(height: int) -> bytes:
    """Models in models."""
    model: dict[str, Any] = {"class_name": "Flatten", "config": {"name": "flatten"}}
    for level in range(height):
        config = {"name": f"m{level}", "layers": [model], "build_input_shape": [None, 4]}
        model = {"class_name": "Sequential", "config": config}
    return orjson.dumps(model)


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_documents(client: CheckedClient, case: str) -> None:
    document = HOSTILE[case]()
    started = time.process_time()
    response = client.client.post("/v1/infer", data=document, content_type="application/json")
    assert time.process_time() - started < 5
    assert response.status_code in (200, 400, 413, 422)
    assert len(response.data) < 40 * len(document) + 100_000
