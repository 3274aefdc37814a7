"""The `.npz` format: a zip archive of `.npy` files, none of which may be more than it says."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

from shapewright.numeric.blocks import Array
from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray
from shapewright.numeric.npy import (
    LONGEST_HEADER,
    NUMBERS,
    TEXT,
    read_header,
    read_npy,
    write_npy,
)

SUFFIX: Final = ".npy"

ENCRYPTED: Final = 1

END: Final = struct.Struct("<4s4H2LH")
"""The end of an archive: mark, two numbers of disks, members here and in all, bytes and place of
their directory, bytes of a comment. Source: PKWARE's APPNOTE.TXT, section 4.3.16."""

LOCATOR: Final = b"PK\x06\x07"
"""Begins the 20 bytes before the end where that is not the true one, in archives beyond 4 GiB."""

LONGEST_DIRECTORY: Final = 1 << 12

BROKEN: Final = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the standard library raises for archives that are none."""


def read_npz(
    data: bytes, parts: Collection[str], limit: int, texts: Collection[str] = ()
) -> dict[str, Array]:
    """The arrays of an archive by the names of their parts, which hold numbers or are `texts`.

    Raises:
        UnreadableArray: it is no such archive, or has a member that is not one of the parts, that
            stands there twice, or that is not what it is said to be.
        ArrayTooLarge: the arrays together take more bytes than the limit.
    """
    _check_end(data)
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = {_part(member): member for member in archive.infolist()}
            _check_members(archive.infolist(), (*parts, *texts), limit)
            return {
                part: _array(archive, member, part, limit, TEXT if part in texts else NUMBERS)
                for part, member in members.items()
            }
    except BROKEN as error:
        raise UnreadableArray(f"the .npz file is broken: {error}") from error


def write_npz(members: Mapping[str, Array | str]) -> bytes:
    """The archive that holds arrays and texts by their names; the same give the same bytes."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, array in members.items():
            archive.writestr(ZipInfo(name + SUFFIX), write_npy(np.asarray(array)))
    return file.getvalue()


def _check_end(data: bytes) -> None:
    """Insist on a directory so short that looking at all of it is no work."""
    end = data[-END.size :].rjust(END.size)
    mark, *_, size, _, comment = END.unpack(end)
    far = data[-END.size - 20 :].startswith(LOCATOR)
    if mark != b"PK\x05\x06" or comment or far or size > LONGEST_DIRECTORY:
        raise UnreadableArray(
            f"not a .npz file: it must end with the directory of a zip archive "
            f"of at most {LONGEST_DIRECTORY} bytes"
        )


def _check_members(members: Iterable[ZipInfo], parts: Collection[str], limit: int) -> None:
    found = [_part(member) for member in members]
    for member, part in zip(members, found, strict=True):
        if part not in parts or found.count(part) > 1:
            raise UnreadableArray(
                f"the archive may hold {', '.join(parts)}, each once, "
                f"got {', '.join(map(repr, found))}"
            )
        if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or member.flag_bits & ENCRYPTED:
            raise UnreadableArray(f"{part} must be stored or deflated, and not encrypted", part)
    total = sum(member.file_size for member in members)
    if total > limit:
        raise ArrayTooLarge("bytes of all arrays", total, limit)


def _part(member: ZipInfo) -> str:
    return member.filename.removesuffix(SUFFIX)


def _array(
    archive: ZipFile, member: ZipInfo, part: str, limit: int, types: re.Pattern[str]
) -> Array:
    """The array of a member, of which no more is unpacked than its header promises."""
    with archive.open(member) as file:
        header = read_header(file.read(LONGEST_HEADER), part, types)
    header.check(part, limit)
    if header.size != member.file_size:
        raise UnreadableArray(
            f"the header of {part} promises {header.size} bytes, "
            f"but the archive holds {member.file_size}",
            part,
        )
    with archive.open(member) as file:
        return read_npy(file.read(header.size), part, limit, types)
