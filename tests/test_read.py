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
