"""Bytes to networks: the content tells which form a document has."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from shapewright.formats.errors import DocumentError, InvalidDocument, Unreadable
from shapewright.formats.options import Options
from shapewright.formats.read import read, read_document
from tests.golden_data import GOLDEN
from tests.keras_documents import given, layer, sequential

STACK = {"input_shape": [None, 4], "layers": [{"type": "Dense", "units": 2}]}
KERAS = sequential(given("x", None, 4), layer("Dense", "dense", units=2))


@pytest.mark.parametrize(
    ("body", "source"),
    [
        (orjson.dumps(STACK), "stack"),
        (orjson.dumps(KERAS), "keras_json"),
        (orjson.dumps(json.dumps(KERAS)), "keras_json"),
        (orjson.dumps(json.dumps(STACK)), "stack"),
        (b" \n" + orjson.dumps(KERAS), "keras_json"),
        ((GOLDEN / "models/tiny.keras").read_bytes(), "keras_file"),
    ],
    ids=["stack", "keras", "quoted keras", "quoted stack", "space before", "file"],
)
def test_form_is_told_by_content(body: bytes, source: str) -> None:
    assert read(body, Options()).source == source


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"layers": [NaN]}', "not JSON"),
        (b"[]", "a network is a JSON object, got a list"),
        (b"12", "got a number"),
        (b"1.5", "got a number"),
        (b"true", "got true or false"),
        (b"null", "got null"),
        (b'"x"', "not JSON"),
        (b'"12"', "got a number"),
        (b'"\\"{}\\""', "got a string"),
        (b"{}", "a stack, which has `layers`, or a Keras model, which has `class_name`"),
        (b"\x89HDF\r\n\x1a\n....", "send what `model.to_json()` gives"),
        (b"PK\x03\x04....", "damaged"),
        (b"[" * 2000 + b"]" * 2000, "not JSON"),
    ],
)
def test_what_cannot_be_read_is_told(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body, Options())
    assert words in caught.value.detail


def nested(depth: int, inner: Any = None) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "document",
    [
        {"class_name": nested(1000), "config": {}},
        {"class_name": "Functional", "config": nested(1000)},
        sequential(given("x", None, 4), layer("Dense", "d", units=nested(900))),
        sequential(*[layer("Dense", "same", units=nested(1, nested(800)))] * 2),
        {**STACK, "layers": [{"type": "Dense", "units": nested(900)}]},
        {**STACK, "inputs": nested(900)},
        {**STACK, "layers": [{"type": "Add", "inputs": nested(900)}]},
    ],
)
def test_depth_is_never_another_exception(document: Any) -> None:
    with pytest.raises(DocumentError):
        read_document(document, Options())


def test_a_stack_with_faults_is_understood_but_wrong() -> None:
    with pytest.raises(InvalidDocument):
        read(orjson.dumps({"layers": 7}), Options())


TWO = {
    "inputs": {"a": [None, 4], "b": [None, 4]},
    "layers": [{"type": "Add", "inputs": ["a", "b"]}],
}


@pytest.mark.parametrize(
    ("document", "shapes", "wanted"),
    [
        (STACK, {"x": (1, 4)}, "a shape was given for `x`, but the model's inputs are `input`"),
        (TWO, {None: (1, 4)}, "one input shape was given, but the model has 2 inputs: `a`, `b`"),
        (TWO, {"c": (1, 4)}, "a shape was given for `c`, but the model's inputs are `a`, `b`"),
    ],
    ids=["another name", "one for two", "a third"],
)
def test_a_shape_for_no_input_of_a_stack(document: Any, shapes: Any, wanted: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        read_document(document, Options(input_shapes=shapes))
    assert [fault.detail for fault in caught.value.faults] == [wanted]


def test_what_a_stack_got_is_told_in_short() -> None:
    layers = [{"type": "Dense", "units": 2, "call": ["long"] * 10_000}]
    with pytest.raises(InvalidDocument) as caught:
        read_document({**STACK, "layers": layers, "k" * 100_000: 1}, Options())
    assert len(caught.value.faults) == 2
    assert all(len(fault.detail) < 300 for fault in caught.value.faults)
