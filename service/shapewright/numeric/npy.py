"""The `.npy` format: the header is read and judged before the numbers, which are never copied.

Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from math import prod
from typing import Final

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.dtypes import ACCEPTED, DType
from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray

MAGIC: Final = b"\x93NUMPY"

LENGTHS: Final = {b"\x01\x00": 2, b"\x02\x00": 4, b"\x03\x00": 4}
"""By version: how many bytes say how long the header is."""

LONGEST_HEADER: Final = 4096
"""Bytes up to the end of the header; that of an array of numbers ends at 128 as a rule."""

MOST_AXES: Final = 8

HEADER: Final = re.compile(r"\{([^{}]*)\}\s*")

ENTRY: Final = re.compile(
    r"""\s*['"](\w+)['"]\s*:\s*('[^']*'|"[^"]*"|\w+|\([^()]*\))\s*(?:,\s*|$)"""
)

FORMS: Final = {
    "descr": re.compile(r"""'.*'|".*\""""),
    "fortran_order": re.compile(r"True|False"),
    "shape": re.compile(r"\(\s*(?:(?:\d{1,10}\s*,\s*)+(?:\d{1,10}\s*)?)?\)"),
}
"""The entries of a header, which is a dictionary as Python writes it; matched, never run."""

NUMBERS: Final = re.compile(rf"[<>|=]?(?:{'|'.join(ACCEPTED)})")

TEXT: Final = re.compile(r"[<>=]U[1-9]\d{0,8}")
"""The types of elements; one of text has so many characters of four bytes."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the beginning of a file says of the numbers, which start after `offset` bytes."""

    dtype: DType
    columns_first: bool
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        """The length of the whole file in bytes."""
        return self.offset + prod(self.shape) * self.dtype.itemsize

    def check(self, part: str, limit: int) -> None:
        """Insist on a limit of bytes, for which an empty axis counts as one element.

        Raises:
            ArrayTooLarge: there would be more.
        """
        extent = prod(max(size, 1) for size in self.shape) * self.dtype.itemsize
        if extent > limit:
            raise ArrayTooLarge(f"bytes of {part}", extent, limit, part)


def read_npy(
    data: bytes | memoryview, part: str, limit: int, types: re.Pattern[str] = NUMBERS
) -> Array:
    """The array in a file's bytes, as a view of them, which cannot be written to.

    Raises:
        UnreadableArray: they are no such file, hold elements of other types, or more or fewer than
            they say.
        ArrayTooLarge: the array takes more bytes than the limit.
    """
    header = read_header(data, part, types)
    header.check(part, limit)
    if len(data) != header.size:
        raise UnreadableArray(
            f"the header of {part} promises a file of {header.size} bytes, got {len(data)}", part
        )
    return np.ndarray(
        header.shape,
        header.dtype,
        data,
        header.offset,
        order="F" if header.columns_first else "C",
    )


def read_text(array: Array, part: str) -> str:
    """The text that an array of one text holds, without the zeros behind it.

    Raises:
        UnreadableArray: there are several, or something is no character.
    """
    if array.dtype.kind != "U" or array.shape:
        raise UnreadableArray(f"{part} must be one text, got {array.dtype} {array.shape}", part)
    try:
        swapped = array.astype(array.dtype.newbyteorder("<"))
        return swapped.tobytes().decode("utf-32-le").rstrip("\0")
    except UnicodeDecodeError:
        raise UnreadableArray(f"{part} holds what is no character", part) from None


def read_header(data: bytes | memoryview, part: str, types: re.Pattern[str] = NUMBERS) -> Header:
    """What the first bytes of a file say; no more than `LONGEST_HEADER` of them are looked at.

    Raises:
        UnreadableArray: they are not the beginning of a file of elements of these types.
    """
    start = bytes(data[:LONGEST_HEADER])
    width = LENGTHS.get(start[6:8])
    if start[:6] != MAGIC or width is None:
        raise UnreadableArray(f"{part} is not a .npy file of version 1, 2 or 3", part)
    text = 8 + width
    offset = text + int.from_bytes(start[8:text], "little")
    if offset > len(start):
        raise UnreadableArray(
            f"the header of {part} needs {offset} bytes, got {len(data)}, "
            f"of which {LONGEST_HEADER} may be header",
            part,
        )
    entries = _entries(start[text:offset].decode("latin-1"), part)
    return Header(
        dtype=_dtype(entries["descr"], part, types),
        columns_first=entries["fortran_order"] == "True",
        shape=_shape(entries["shape"], part),
        offset=offset,
    )


def _entries(header: str, part: str) -> dict[str, str]:
    """The entries of the dictionary, each in the form that it must have."""
    whole = HEADER.fullmatch(header)
    body = whole[1] if whole else header
    found = ENTRY.findall(body)
    entries = {key: value for key, value in found if key in FORMS and FORMS[key].fullmatch(value)}
    if len(found) != len(FORMS) or len(entries) != len(FORMS) or ENTRY.sub("", body):
        raise UnreadableArray(
            f"the header of {part} must be a dictionary of {', '.join(FORMS)} "
            f"that describes an array of plain numbers",
            part,
        )
    return entries


def _dtype(descr: str, part: str, types: re.Pattern[str]) -> DType:
    name = descr[1:-1]
    if types.fullmatch(name) is None:
        known = "U" if types is TEXT else ", ".join(sorted(ACCEPTED))
        raise UnreadableArray(
            f"{part} must hold elements of one of the types {known}, got {name[:20]!r}", part
        )
    return np.dtype(name)


def _shape(text: str, part: str) -> tuple[int, ...]:
    shape = tuple(map(int, re.findall(r"\d+", text)))
    if len(shape) > MOST_AXES:
        raise UnreadableArray(f"{part} has {len(shape)} axes, at most {MOST_AXES} accepted", part)
    return shape


def write_npy(array: Array) -> bytes:
    """The file that holds an array."""
    file = BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue()
