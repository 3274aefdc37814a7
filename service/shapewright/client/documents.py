"""Networks as bytes: what a caller may hand over, and how it travels."""

from __future__ import annotations

import json
import operator
import os
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

Network: TypeAlias = Mapping[str, Any] | str | bytes | os.PathLike[str]
"""A stack or a Keras model as a dict; its JSON; or a file of either, as bytes or as a path."""

JSON: Final = "application/json"
BINARY: Final = "application/octet-stream"

ZIP: Final = b"PK\x03\x04"
"""What a `.keras` file begins with."""

MOST_CONFIG_BYTES: Final = 64 * 2**20
NOT_UNPACKED: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError)
"""What the standard library raises for an archive that is damaged or holds no such member."""


def encode(network: Network) -> bytes:
    """The document that is sent. Of a `.keras` file only the model's JSON travels.

    Raises:
        TypeError: it is no network, or holds what JSON has no word for.
        OSError: the file cannot be read.
    """
    match network:
        case str():
            return network.encode(errors="surrogatepass")
        case bytes():
            return _content(BytesIO(network))
        case os.PathLike():
            with Path(network).open("rb") as file:
                return _content(file)
        case Mapping():
            return to_json(network).encode()
    raise TypeError(f"a network is a dict, JSON, or a file, got {type(network).__name__}")


def to_json(value: object) -> str:
    """The value as JSON.

    Raises:
        TypeError: it holds what JSON has no word for.
    """
    return _ENCODER.encode(value)


def line(network: Network) -> bytes:
    """The same as one line of NDJSON; within JSON, a line break is only space.

    Raises:
        TypeError: as `encode`.
        OSError: as `encode`.
    """
    document = encode(network).replace(b"\n", b" ")
    return document if document.strip() else b'""'


def media_type(network: Network) -> str:
    """What a document is sent as."""
    return BINARY if isinstance(network, bytes | os.PathLike) else JSON


def _content(file: BinaryIO) -> bytes:
    """The model's JSON in a `.keras` file; of any other file, all of it."""
    config = _config(file) if file.read(len(ZIP)) == ZIP else None
    if config is not None:
        return config
    file.seek(0)
    return file.read()


def _config(file: BinaryIO) -> bytes | None:
    try:
        with zipfile.ZipFile(file) as archive:
            member = archive.getinfo("config.json")
            return archive.read(member) if member.file_size <= MOST_CONFIG_BYTES else None
    except NOT_UNPACKED:
        return None  # the service will say what is wrong with it


def _plain(value: object) -> Any:
    """Another kind of mapping, or another library's integer such as numpy's, as Python's own."""
    if isinstance(value, Mapping):
        return dict(value)
    try:
        return operator.index(value)  # type: ignore[arg-type]  # that is the question
    except TypeError:
        kind = type(value).__name__
        raise TypeError(f"JSON has no word for it, got {kind}") from None


_ENCODER: Final = json.JSONEncoder(default=_plain, separators=(",", ":"))
