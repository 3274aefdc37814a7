"""A `.keras` file: a zip archive of which only the model's JSON is read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from shapewright.formats.errors import TooLarge, Unreadable

SIGNATURE: Final = b"PK\x03\x04"
"""What a zip archive begins with."""

CONFIG: Final = "config.json"
MOST_MEMBERS: Final = 10_000
METHODS: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
"""The compressions that can be unpacked piece by piece."""

ENCRYPTED: Final = 0x1
DIRECTORY_ENTRY: Final = b"PK\x01\x02"
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What the standard library raises for archives that are damaged or lie about themselves."""


def read_config(body: bytes, most: int) -> bytes:
    """The model's JSON in a `.keras` file, up to `most` bytes; nothing else is unpacked.

    Raises:
        Unreadable: the archive is damaged, ambiguous, encrypted or holds no model.
        TooLarge: too many members, or a config of more bytes.
    """
    if body.count(DIRECTORY_ENTRY) > MOST_MEMBERS:
        raise TooLarge(f"a .keras file has at most {MOST_MEMBERS} members")
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            member = _config(archive.infolist(), most)
            with archive.open(member) as stream:
                return stream.read()
    except BROKEN as error:
        raise Unreadable(f"the file begins like a .keras file, but is damaged: {error}") from None


def _config(members: Sequence[zipfile.ZipInfo], most: int) -> zipfile.ZipInfo:
    """The one member that is the config, if it can be unpacked safely."""
    names = [member.filename for member in members]
    if CONFIG not in names:
        raise Unreadable(f"the archive is no .keras file: it holds no {CONFIG}")
    if len(set(names)) < len(names):
        raise Unreadable("the archive has several members of the same name")
    member = members[names.index(CONFIG)]
    if member.flag_bits & ENCRYPTED:
        raise Unreadable(f"{CONFIG} is encrypted")
    if member.compress_type not in METHODS:
        raise Unreadable(f"{CONFIG} is neither stored nor deflated")
    if member.file_size > most:
        raise TooLarge(f"{CONFIG} has {member.file_size} bytes, at most {most} are read")
    return member
