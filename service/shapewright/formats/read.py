"""Bytes to a network, whatever form the document has: its content tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from shapewright.formats.errors import TooLarge, Unreadable
from shapewright.formats.keras_file import SIGNATURE, read_config
from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.formats.texts import BadCut, as_texts, cut, whole
from shapewright.network.network import Network

HDF5: Final = b"\x89HDF\r\n\x1a\n"


def read(body: bytes, options: Options) -> Network:
    """The network that a document describes: JSON, or a `.keras` file.

    Raises:
        Unreadable: it has no known form.
        TooLarge: it passes one of the bounds that protect the service.
        InvalidDocument: its form is known, but it is wrong; with every fault.
    """
    if body.startswith(HDF5):
        raise Unreadable("an HDF5 file; send what `model.to_json()` gives, or a .keras file")
    most = options.limits.json_bytes
    if body.startswith(SIGNATURE):
        network = read_document(opened(read_config(body, most)), options)
        return replace(network, source="keras_file")
    if len(body) > most:
        raise TooLarge(f"a JSON document has at most {most} bytes, got {len(body)}")
    return read_document(opened(body), options)


def read_document(document: Any, options: Options) -> Network:
    """The network that a document describes, as `opened` or as parsed JSON.

    A string is opened once more: `model.to_json()` is one, and sent as JSON it comes quoted.

    Raises:
        Unreadable: it is neither a stack nor a Keras model.
        InvalidDocument: it is one, but wrong; with every fault.
    """
    if isinstance(document, str):
        document = opened(document.encode())
    if not isinstance(document, Mapping):
        raise Unreadable(f"a network is a JSON object, got {_kind(document)}")
    try:
        if "class_name" in document:
            return _read(read_keras, document, options)
        if "layers" in document:
            return _read(read_stack, as_texts(document), options)
    except RecursionError:
        raise Unreadable("the document nests too deep") from None
    raise Unreadable(
        "a network is a stack, which has `layers`, or a Keras model, which has `class_name`"
    )


def _read(
    read_model: Callable[[Any, Options], Network], document: Mapping[str, Any], options: Options
) -> Network:
    """The network of a model, which is parsed after all if it was cut in the wrong places."""
    try:
        return read_model(document, options)
    except BadCut:
        return read_model(_parsed(whole(document)), options)


def opened(text: bytes) -> Any:
    """The JSON of a document; its layers may be texts still.

    Raises:
        Unreadable: it is not JSON.
    """
    return cut(text) or _parsed(text)


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"the document is not JSON: {error}") from None


_KINDS: Final[Mapping[type, str]] = {
    list: "a list",
    str: "a string",
    bool: "true or false",
    type(None): "null",
}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")
