"""A model cut into the texts of its layers, so that only layers never seen before are parsed.

A list of JSON objects is cut where one ends and the next begins. Should that be inside a layer, it
leaves texts that are no JSON objects by themselves. So, if every text between the cuts parses and
the rest does too, with `null` in place of the list, then the whole is JSON and means just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

_START: Final = re.compile(rb'"layers": ?\[ ?\{(?=("\w+":( ?))?)')
_CUTS: Final = (b"},{", b"}, {")
"""Between two layers, as JSON is written without spaces and with them."""


class Texts(list[bytes]):
    """The layers of a model as JSON without the braces.

    `whole` is the model's own text, and `rest` what stands around the layers.
    """

    def __init__(self, whole: bytes, rest: bytes, texts: Iterable[bytes]) -> None:
        super().__init__(texts)
        self.whole = whole
        self.rest = rest


class BadCut(Exception):
    """A text between two cuts is no JSON object by itself."""


def cut(text: bytes) -> dict[str, Any] | None:
    """The model with `Texts` for its layers; `None` if it does not lend itself to that."""
    start, end = _START.search(text), text.rfind(b"}]")
    if start is None or end < start.end():
        return None
    rest = text[: start.start()] + b'"layers":null' + text[end + 2 :]
    if rest.count(b'"layers"') != 1 or b"\\" in rest:  # another key may mean the same
        return None
    try:
        document = orjson.loads(rest)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    model = _holder(document)
    if not isinstance(model, dict) or "layers" not in model:
        return None
    layers = text[start.end() : end]
    if model is document:
        texts = layers.split(_CUTS[_CUTS[1] in layers])
    else:
        texts = _alike(layers, *start.groups(b""))
    model["layers"] = Texts(text, rest, texts)
    return document


def as_texts(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parsed stack as `cut` gives it, if it does."""
    if isinstance(document["layers"], Texts):
        return document
    try:
        return cut(orjson.dumps(document)) or document
    except orjson.JSONEncodeError:  # it nests too deep to be written again
        return document


def whole(document: Mapping[str, Any]) -> bytes:
    """The text of a model that was cut."""
    layers: Texts = _holder(document)["layers"]
    return layers.whole


def _holder(document: Mapping[str, Any]) -> Any:
    """What lists the layers: a stack itself, or the config of a Keras model."""
    return document.get("config", document)


def _alike(layers: bytes, begin: bytes, space: bytes) -> list[bytes]:
    """The texts of layers that begin with the same key, and all end with a list or none does.

    Keras lists other objects inside layers, but they end otherwise.
    """
    end = b"]" * layers.endswith(b"]")
    between = end + b"}," + space + b"{" + begin
    texts = layers[len(begin) : len(layers) - len(end)].split(between)
    return [begin + text + end for text in texts]


def parsed(text: bytes) -> dict[str, Any]:
    """The layer of a text.

    Raises:
        BadCut: it is none.
    """
    try:
        layer: dict[str, Any] = orjson.loads(b"{" + text + b"}")
    except orjson.JSONDecodeError:
        raise BadCut from None
    return layer


def text_of(layer: Any) -> bytes | None:
    """The text of a parsed layer; `None` if it is no object, or nests too deep to be written."""
    if not isinstance(layer, dict):
        return None
    try:
        return orjson.dumps(layer)[1:-1]
    except orjson.JSONEncodeError:
        return None
