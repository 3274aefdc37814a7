"""Texts among arrays: an archive's member that is one text, as numpy writes it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray
from shapewright.numeric.npy import TEXT, read_npy, read_text
from shapewright.numeric.npz import read_npz, write_npz

LIMIT = 1 << 20
HEADER = "{{'descr': '{}', 'fortran_order': False, 'shape': (), }}"


def archive(**members: Any) -> bytes:
    """What numpy itself writes."""
    file = io.BytesIO()
    np.savez_compressed(file, **members)
    return file.getvalue()


def read(text: Any, **more: Any) -> str:
    arrays = read_npz(archive(layer=text, **more), ["input"], LIMIT, texts=["layer"])
    return read_text(arrays["layer"], "layer")


@pytest.mark.parametrize("text", ["x", '{"type": "Conv2D"}', "ä€𝄞\x7f", "a\0b", "x" * 10_000, ""])
def test_what_numpy_writes_is_read(text: str) -> None:
    assert read(text, input=np.arange(3)) == text


def test_the_other_byte_order() -> None:
    assert read(np.array("häuser").astype(">U6")) == "häuser"


def test_what_is_written_is_read() -> None:
    data = write_npz({"report": '{"a": 1}'})
    assert read_text(read_npz(data, [], LIMIT, texts=["report"])["report"], "report") == '{"a": 1}'
    assert str(np.load(io.BytesIO(data))["report"]) == '{"a": 1}'


BAD: dict[str, tuple[Any, str]] = {
    "bytes": (b"x", "types U, got '|S1'"),
    "a number": (3, "types U, got '<i8'"),
    "several": (["a", "b"], r"must be one text, got <U1 \(2,\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_text_is_refused(case: str) -> None:
    value, message = BAD[case]
    with pytest.raises(UnreadableArray, match=message.replace("|", r"\|")):
        read(value)


@pytest.mark.parametrize("code", [0xD800, 0x110000, 0xFFFFFFFF])
def test_what_is_no_character_is_refused(code: int) -> None:
    header = HEADER.format("<U1").encode()
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    array = read_npy(data + code.to_bytes(4, "little"), "layer", LIMIT, TEXT)
    with pytest.raises(UnreadableArray, match="no character"):
        read_text(array, "layer")


def test_a_text_is_no_array() -> None:
    """Nor is an array that should hold numbers allowed to hold text."""
    with pytest.raises(UnreadableArray, match="input must hold elements of one of the types"):
        read_npz(archive(input="x"), ["input"], LIMIT, texts=["layer"])


def test_a_long_text_is_refused() -> None:
    with pytest.raises(ArrayTooLarge, match="bytes of all arrays"):
        read("x" * (LIMIT // 4 + 1))
