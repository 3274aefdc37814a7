"""What a caller may hand over, and what of it travels."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from shapewright.client.documents import MOST_CONFIG_BYTES, encode, line, media_type

STACK = {"layers": [{"type": "Flatten"}]}
JSON = b'{"layers":[{"type":"Flatten"}]}'
PRETTY = json.dumps(STACK, indent=2)
MODEL = b'{"class_name": "Sequential"}'


def archive(**members: bytes) -> bytes:
    """A zip file; `config` stands for `config.json`."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr("config.json" if name == "config" else name, content)
    return file.getvalue()


KERAS = archive(metadata=b"{}", config=MODEL, weights=bytes(10**6))


class Seven:
    """An integer of some other library."""

    def __index__(self) -> int:
        return 7


@pytest.mark.parametrize(
    ("network", "document"),
    [
        (STACK, JSON),
        (MappingProxyType(STACK), JSON),
        ({"layers": ({"type": "Flatten"},)}, JSON),
        ({"a": Seven(), "b": MappingProxyType({"c": Seven()})}, b'{"a":7,"b":{"c":7}}'),
        ({"a": "ä"}, b'{"a":"\\u00e4"}'),
        ("{}", b"{}"),
        ("ä", "ä".encode()),
        (b"{}", b"{}"),
        (KERAS, MODEL),
        (JSON + KERAS, JSON + KERAS),
        (archive(other=b""), archive(other=b"")),
        (KERAS[:-30], KERAS[:-30]),
        (b"PK\x03\x04", b"PK\x03\x04"),
    ],
)
def test_the_document_that_is_sent(network: Any, document: bytes, tmp_path: Path) -> None:
    assert encode(network) == document
    if isinstance(network, bytes):
        path = tmp_path / "file"
        path.write_bytes(network)
        assert encode(path) == document


def damaged(change: Callable[[bytearray], None]) -> bytes:
    made = bytearray(archive(config=MODEL))
    change(made)
    return bytes(made)


def encrypted(made: bytearray) -> None:
    made[made.index(b"PK\x01\x02") + 8] |= 1
    made[6] |= 1


def compressed_in_an_unknown_way(made: bytearray) -> None:
    made[made.index(b"PK\x01\x02") + 10] = made[8] = 99


def broken_data(made: bytearray) -> None:
    made[45] ^= 0xFF


def larger_than_it_may(made: bytearray) -> None:
    start = made.index(b"PK\x01\x02") + 24
    made[start : start + 4] = (MOST_CONFIG_BYTES + 1).to_bytes(4, "little")


@pytest.mark.parametrize(
    "change", [encrypted, compressed_in_an_unknown_way, broken_data, larger_than_it_may]
)
def test_what_cannot_be_unpacked_is_left_to_the_service(
    change: Callable[[bytearray], None],
) -> None:
    file = damaged(change)
    assert encode(file) == file


@pytest.mark.parametrize("network", ["model.keras", "/etc/hostname"])
def test_a_text_is_never_a_path(network: str) -> None:
    assert encode(network) == network.encode()


def test_a_missing_file_is_the_callers_affair(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        encode(tmp_path / "nothing.keras")


@pytest.mark.parametrize(
    ("network", "named"),
    [
        (None, "NoneType"),
        (5, "int"),
        ([STACK], "list"),
        (bytearray(b"{}"), "bytearray"),
        ({"a": {1, 2}}, "set"),
        ({"a": object()}, "object"),
    ],
)
def test_what_is_no_network_is_refused(network: Any, named: str) -> None:
    with pytest.raises(TypeError, match=f"got {named}$"):
        encode(network)


@pytest.mark.parametrize(
    "network",
    [STACK, PRETTY, PRETTY.replace("\n", "\r\n"), PRETTY.encode(), {"a": "\n"}, "", " \n", b"\n"],
)
def test_a_line_is_one_line_and_never_blank(network: Any) -> None:
    made = line(network)
    assert b"\n" not in made
    assert made.strip()


def test_a_line_says_the_same() -> None:
    assert json.loads(line(PRETTY)) == STACK
    assert json.loads(line({"a": "\n"})) == {"a": "\n"}


def test_a_text_that_is_no_unicode_travels_for_the_service_to_refuse() -> None:
    assert encode("\ud800") == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    ("network", "media"),
    [
        (STACK, "application/json"),
        ("{}", "application/json"),
        (b"{}", "application/octet-stream"),
        (Path("model.keras"), "application/octet-stream"),
    ],
)
def test_files_are_sent_as_files(network: Any, media: str) -> None:
    assert media_type(network) == media
