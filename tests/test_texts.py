"""Cutting a stack into texts changes no answer: it gives what parsing the whole would."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapewright.formats.errors import InvalidDocument, Unreadable
from shapewright.formats.options import Options
from shapewright.formats.read import opened, read
from shapewright.formats.stack import read_stack
from shapewright.formats.texts import Texts
from shapewright.network.network import Network

OPTIONS = Options()
RELU, DENSE = b'{"type":"ReLU"}', b'{"type":"Dense","units":2,"name":"d"}'


def stack(layers: bytes, before: bytes = b'"input_shape":[null,4],', after: bytes = b"") -> bytes:
    return b"{" + before + b'"layers":' + layers + after + b"}"


def told(network: Network) -> Any:
    operations = [(layer.type, layer.operation) for layer in network.layers]
    columns = network.reads, network.outputs, list(network.names), network.paths
    return network.framework, network.inputs, operations, *map(list, columns)


def plainly(text: bytes) -> Any:
    """What becomes of a text that is parsed as a whole."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return "unreadable"
    if not isinstance(document, dict) or "layers" not in document:
        return "unreadable"
    try:
        return told(read_stack(document, OPTIONS))
    except InvalidDocument as error:
        return error.faults


def by_texts(text: bytes) -> Any:
    try:
        return told(read(text, OPTIONS))
    except Unreadable:
        return "unreadable"
    except InvalidDocument as error:
        return error.faults


CUT = {
    "compact": stack(b"[" + RELU + b"," + DENSE + b"]"),
    "spaced": stack(b"[" + RELU + b", " + DENSE + b"]").replace(b":", b": "),
    "layer inside": stack(b'[{"type":"TimeDistributed","layer":{"type":"ReLU"}},' + RELU + b"]"),
    "outputs after": stack(b"[" + DENSE + b"," + RELU + b"]", after=b',"outputs":["d"]'),
    "one fault": stack(b"[" + RELU + b',{"type":"Dense","units":0}]'),
}

WHOLE = {
    "cut inside a string": stack(b'[{"type":"ReLU","name":"a},{b"},' + RELU + b"]"),
    "both spacings": stack(b"[" + RELU + b"," + RELU + b", " + DENSE + b"]"),
    "a list of layers inside": stack(
        b'[{"type":"StackedRNNCells","cells":[{"type":"LSTMCell","units":2},'
        b'{"type":"LSTMCell","units":3}]}]'
    ),
    "no layers": stack(b"[]"),
    "layers are no list": stack(b'{"a":[{"type":"ReLU"}]}'),
    "a key twice": stack(b"[" + RELU + b"]", after=b',"layers":[' + DENSE + b"]"),
    "a key twice, hidden": stack(b"[" + RELU + b"]", after=b',"l\\u0061yers":null'),
    "layers of something else": b'{"id":{"layers":[{"type":"ReLU"}]},"input_shape":[null,4]}',
    "layers null, others inside": b'{"layers":null,"id":{"layers":[{"type":"ReLU"}]}}',
    "a number between": stack(b"[" + RELU + b",3," + DENSE + b"]"),
    "cut short": stack(b"[" + RELU + b"," + DENSE)[:-1],
    "a brace too many": stack(b"[" + RELU + b"},{" + DENSE + b"]"),
    "not a number": stack(b'[{"type":"Dense","units":NaN},' + RELU + b"]"),
    "in a list": b"[" + stack(b"[" + RELU + b"]") + b"]",
}


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
def test_plain_stacks_are_cut(text: bytes) -> None:
    assert isinstance(opened(text)["layers"], Texts)
    assert by_texts(text) == plainly(text) == by_texts(text)


@pytest.mark.parametrize("text", {**CUT, **WHOLE}.values(), ids={**CUT, **WHOLE})
def test_the_answer_is_that_of_the_whole(text: bytes) -> None:
    assert by_texts(text) == plainly(text)


MARKS = [b"{", b"}", b"[", b"]", b",", b'"', b"},{", b"}, {", b"\\", b"null", b"1", b" "]
WORDS = [b'"layers":', b'"layers":[{', b'"type":"ReLU"', b'"name":"a"', b'"id":', b'"inputs":']
PIECES = st.sampled_from([*MARKS, *WORDS, RELU, DENSE])


@settings(max_examples=400)
@given(st.sampled_from(sorted({**CUT, **WHOLE}.values())), st.data())
def test_damaged_texts_too(text: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 6, len(text))))
        text = text[:start] + data.draw(PIECES) + text[end:]
    assert by_texts(text) == plainly(text)
