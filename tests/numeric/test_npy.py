"""Array files: good ones come back as they were, bad ones are refused before they cost anything."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest

from shapewright.numeric.errors import ArrayError, ArrayTooLarge, UnreadableArray
from shapewright.numeric.npy import MAGIC, read_npy, write_npy
from shapewright.numeric.npz import read_npz, write_npz
from tests.numeric.arrays import BYTE_ORDERS, DTYPES, filled

LIMIT = 1 << 20
PARTS = ("input", "kernel", "bias")


def saved(array: Any, **options: Any) -> bytes:
    """What numpy itself writes."""
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """An archive, with members of one name if there are."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def file_of(header: str, data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A file with any header."""
    width = "<H" if version == b"\x01\x00" else "<I"
    return MAGIC + version + struct.pack(width, len(header)) + header.encode("latin-1") + data


def header(descr: str = "'<f4'", order: str = "False", shape: str = "(2, 3)") -> str:
    """The header of an array, each part as it is written."""
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


# ---- good files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3), (0, 3), (2, 0, 4), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("end", BYTE_ORDERS)
def test_what_numpy_writes_is_read(shape: Any, order: str, dtype: str, end: str) -> None:
    """Every type, byte order, order of axes and kind of shape; without a copy."""
    array = filled(shape, end + dtype, seed=1, order=order)
    data = saved(array)
    result = read_npy(data, "input", LIMIT)
    assert (result.dtype, result.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(result, array)
    assert not result.flags.writeable and not result.flags.owndata


def test_numbers_that_are_none_are_kept() -> None:
    """Whatever the bits of a number are, they come through."""
    array = np.array([np.nan, -np.inf, -0.0, 5e-324])
    assert read_npy(saved(array), "input", LIMIT).tobytes() == array.tobytes()


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_is_read(version: tuple[int, int]) -> None:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.arange(6.0), version)
    np.testing.assert_array_equal(read_npy(file.getvalue(), "input", LIMIT), np.arange(6.0))


@pytest.mark.parametrize(
    "text",
    [
        '{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}',
        "{'shape': (2,3), 'fortran_order':False,'descr':'<f4'}\n",
        "{'descr': '=f4', 'fortran_order': False, 'shape': ( 2 , 3 , ), }   \n",
    ],
)
def test_headers_of_other_writers_are_read(text: str) -> None:
    """Any order of the keys, either kind of quote, any space."""
    numbers = np.arange(6, dtype="<f4")
    np.testing.assert_array_equal(
        read_npy(file_of(text, numbers.tobytes()), "input", LIMIT), numbers.reshape(2, 3)
    )


def test_a_view_into_a_larger_body_is_read() -> None:
    """At an odd place too, where numbers are not aligned."""
    body = b"x" + saved(np.arange(5.0)) + b"rest"
    result = read_npy(memoryview(body)[1:-4], "input", LIMIT)
    np.testing.assert_array_equal(result, np.arange(5.0))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives_are_read(method: int) -> None:
    arrays = {"input": np.arange(12.0).reshape(3, 4), "kernel": np.array(5, np.int8)}
    data = zipped([(f"{name}.npy", saved(array)) for name, array in arrays.items()], method)
    result = read_npz(data, PARTS, LIMIT)
    assert result.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(result[name], array)


def test_what_is_written_is_read_by_numpy() -> None:
    """The same arrays give the same bytes."""
    arrays = {"output": np.arange(6.0).reshape(2, 3).T, "mask": np.arange(3)}
    data = write_npz({**arrays, "report": '{"a": "ä"}'})
    assert data == write_npz({**arrays, "report": '{"a": "ä"}'})
    loaded = np.load(io.BytesIO(data), allow_pickle=False)
    np.testing.assert_array_equal(loaded["output"], arrays["output"])
    np.testing.assert_array_equal(loaded["mask"], arrays["mask"])
    assert loaded["report"].item() == '{"a": "ä"}'
    np.testing.assert_array_equal(
        np.load(io.BytesIO(write_npy(arrays["output"]))), arrays["output"]
    )


# ---- bad files -----------------------------------------------------------------------------------

SIX = bytes(24)

BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a .npy file"),
    "text": (b"hello, world, this is no array", "not a .npy file"),
    "magic alone": (MAGIC, "not a .npy file"),
    "unknown version": (file_of(header(), SIX, b"\x04\x00"), "not a .npy file"),
    "no header": (MAGIC + b"\x01\x00", "the header of input needs 10 bytes, got 8"),
    "header cut": (file_of(header())[:40], "the header of input needs"),
    "header of 4 GiB": (MAGIC + b"\x02\x00\xff\xff\xff\xff", "needs 4294967307 bytes, got 12"),
    "header of spaces": (file_of(header() + " " * 5000, SIX), "of which 4096 may be header"),
    "object": (saved(np.array([None]), allow_pickle=True), r"got '\|O'"),
    "object in reverse": (file_of(header("'O'"), SIX), "got 'O'"),
    "pickle": (b"\x80\x04K\x01.", "not a .npy file"),
    "structured": (saved(np.zeros(3, "f4,i4")), "must be a dictionary"),
    "several of a type": (file_of(header("'3f4'"), SIX), "got '3f4'"),
    "void": (file_of(header("'|V4000000000'"), SIX), r"got '\|V4000000000'"),
    "text elements": (saved(np.array(["a"])), "got '<U1'"),
    "dates": (saved(np.zeros(2, "M8[s]")), r"got '<M8\[s\]'"),
    "truth": (saved(np.zeros(2, bool)), r"got '\|b1'"),
    "extended precision": (file_of(header("'<f16'"), SIX), "got '<f16'"),
    "two byte orders": (file_of(header("'<>f4'"), SIX), "got '<>f4'"),
    "code": (file_of(header("__import__('os')"), SIX), "must be a dictionary"),
    "code as shape": (file_of(header(shape="(2**31,)"), SIX), "must be a dictionary"),
    "no tuple": (file_of(header(shape="(6)"), SIX), "must be a dictionary"),
    "list": (file_of(header(shape="[2, 3]"), SIX), "must be a dictionary"),
    "negative": (file_of(header(shape="(-2, -3)"), SIX), "must be a dictionary"),
    "fraction": (file_of(header(shape="(2.0, 3)"), SIX), "must be a dictionary"),
    "long axis": (file_of(header(shape=f"({'9' * 3000},)"), SIX), "must be a dictionary"),
    "truth as number": (file_of(header(order="1"), SIX), "must be a dictionary"),
    "key missing": (file_of("{'descr': '<f4', 'shape': (6,)}", SIX), "must be a dictionary"),
    "key twice": (file_of(header()[:-3] + "'shape': (6,)}", SIX), "must be a dictionary"),
    "key too many": (file_of(header()[:-3] + "'more': 1}", SIX), "must be a dictionary"),
    "rest of a line": (file_of(header()[:-3] + "x}", SIX), "must be a dictionary"),
    "two dictionaries": (file_of(header() * 2, SIX), "must be a dictionary"),
    "parentheses": (file_of("(" * 3000, SIX), "must be a dictionary"),
    "braces": (file_of("{" * 3000, SIX), "must be a dictionary"),
    "spaces": (file_of("{" + " " * 3000 + "x}", SIX), "must be a dictionary"),
    "nine axes": (file_of(header(shape=f"({'1, ' * 9})"), SIX[:4]), "has 9 axes, at most 8"),
    "data cut": (file_of(header(), SIX[:-1]), "promises a file of 94 bytes, got 93"),
    "no data": (file_of(header()), "promises a file of 94 bytes, got 70"),
    "data too many": (file_of(header(), SIX + b"x"), "promises a file of 94 bytes, got 95"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused(name: str) -> None:
    """Each with what is wrong with it, and the part."""
    data, message = BAD[name]
    with pytest.raises(UnreadableArray, match=message) as caught:
        read_npy(data, "input", LIMIT)
    assert caught.value.part == "input"


@pytest.mark.parametrize(
    ("shape", "needed"),
    [
        ("(262145,)", 1048580),
        ("(9999999999,)", 39999999996),
        ("(0, 9999999999)", 39999999996),
        ("(9999999999, 9999999999, 9999999999)", 4 * 9999999999**3),
    ],
)
def test_large_files_are_refused(shape: str, needed: int) -> None:
    """By their headers; an axis without elements does not excuse the others."""
    with pytest.raises(ArrayTooLarge) as caught:
        read_npy(file_of(header(shape=shape), SIX), "kernel", LIMIT)
    assert (caught.value.needed, caught.value.limit) == (needed, LIMIT)
    assert caught.value.part == "kernel"


GOOD = saved(np.arange(6.0))
BOMB = saved(np.zeros(LIMIT // 8 - 16))


def changed(data: bytes, offset: int, value: bytes) -> bytes:
    return data[:offset] + value + data[offset + len(value) :]


def entry(data: bytes) -> int:
    """Where the directory of an archive begins."""
    return data.index(b"PK\x01\x02")


ONE = zipped([("input.npy", GOOD)])
PACKED = zipped([("input.npy", BOMB)], zipfile.ZIP_DEFLATED)

BAD_ARCHIVES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a .npz file"),
    "no archive": (GOOD, "not a .npz file"),
    "end cut": (ONE[:-1], "not a .npz file"),
    "comment": (ONE[:-2] + b"\x01\x00x", "not a .npz file"),
    "long directory": (changed(ONE, len(ONE) - 10, b"\xff\xff\xff\x00"), "not a .npz file"),
    "directory elsewhere": (changed(ONE, len(ONE) - 6, b"\x00\x00\x00\x00"), "broken"),
    "no directory": (ONE[-22:], "broken"),
    "beginning cut": (ONE[10:], "broken"),
    "another part": (zipped([("output.npy", GOOD)]), "may hold input, kernel, bias, each once"),
    "no array": (zipped([("input.txt", b"1 2 3")]), "got 'input.txt'"),
    "path": (zipped([("../input.npy", GOOD)]), "got '../input'"),
    "one part twice": (zipped([("input.npy", GOOD)] * 2), "got 'input', 'input'"),
    "twice, once without suffix": (zipped([("input.npy", GOOD), ("input", GOOD)]), "each once"),
    "encrypted": (changed(ONE, entry(ONE) + 8, b"\x01\x00"), "not encrypted"),
    "bzip2": (zipped([("input.npy", GOOD)], zipfile.ZIP_BZIP2), "stored or deflated"),
    "lzma": (zipped([("input.npy", GOOD)], zipfile.ZIP_LZMA), "stored or deflated"),
    "unknown packing": (changed(ONE, entry(ONE) + 10, b"\x63\x00"), "stored or deflated"),
    "wrong sum": (changed(ONE, entry(ONE) + 16, b"abcd"), "broken"),
    "smaller than it is": (
        changed(PACKED, entry(PACKED) + 24, struct.pack("<I", 128 + 48)),
        "broken: Bad CRC-32",
    ),
    "larger than it is": (
        changed(ONE, entry(ONE) + 24, struct.pack("<I", 1000)),
        "promises 176 bytes, but the archive holds 1000",
    ),
    "array cut": (zipped([("input.npy", GOOD[:-1])]), "but the archive holds 175"),
    "array broken": (zipped([("input.npy", b"xyz")]), "not a .npy file"),
    "object": (zipped([("input.npy", saved(np.array([{}]), allow_pickle=True))]), r"got '\|O'"),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_bad_archives_are_refused(name: str) -> None:
    data, message = BAD_ARCHIVES[name]
    with pytest.raises(UnreadableArray, match=message):
        read_npz(data, PARTS, LIMIT)


def test_large_archives_are_refused() -> None:
    """By what their directory says, of all members together."""
    data = zipped([("input.npy", BOMB), ("kernel.npy", BOMB)], zipfile.ZIP_DEFLATED)
    assert len(data) < LIMIT // 50
    with pytest.raises(ArrayTooLarge, match="bytes of all arrays: 2097152 needed, at most 1048576"):
        read_npz(data, PARTS, LIMIT)
    assert read_npz(data, PARTS, 2 * LIMIT)["kernel"].nbytes == len(BOMB) - 128


def test_a_bomb_is_not_unpacked() -> None:
    """A member of 64 MiB whose directory and header speak of 1 KiB: its first bytes are enough."""
    lie = file_of(header(shape="(256,)").ljust(117) + "\n")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(lie) + b"".join(packer.compress(bytes(1 << 20)) for _ in range(64))
    packed += packer.flush()
    data = zipped([("input.npy", packed)])
    for place in (0, entry(data)):
        data = changed(data, place + (8 if place == 0 else 10), b"\x08\x00")
        data = changed(data, place + (22 if place == 0 else 24), struct.pack("<I", len(lie) + 1024))
    refused, peak = traced(data)
    assert refused
    assert peak < 4 * LIMIT


# ---- random damage -------------------------------------------------------------------------------


def traced(data: bytes) -> tuple[bool, int]:
    """Whether the bytes are refused, and the most that was allocated meanwhile."""
    tracemalloc.start()
    try:
        if data[:2] == b"PK":
            read_npz(data, PARTS, LIMIT)
        else:
            read_npy(data, "input", LIMIT)
    except ArrayError:
        return True, tracemalloc.get_traced_memory()[1]
    else:
        return False, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, taken out, put in or doubled."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(result) + 1)
        length = chance.choice([1, 1, 1, 2, 4, 30])
        new = chance.choice([b"", chance.randbytes(length), b"\xff" * length, bytes(length)])
        if chance.random() < 0.7:
            result[place : place + len(new)] = new
        else:
            result[place : place + length] = new
    return bytes(result)


SEEDS = {
    "npy": saved(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
    "npz": zipped([("input.npy", GOOD), ("kernel.npy", GOOD)]),
    "packed npz": zipped([("input.npy", BOMB), ("bias.npy", GOOD)], zipfile.ZIP_DEFLATED),
    "tiny": saved(np.array(1, np.int8)),
}


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_files_are_refused_or_read(kind: str) -> None:
    """Nothing but the one family of errors comes out, and no memory past the limit is taken."""
    chance = random.Random(20)
    refused = 0
    for _ in range(1500):
        was_refused, peak = traced(damaged(SEEDS[kind], chance))
        refused += was_refused
        assert peak < 4 * LIMIT
    assert refused > 100


def test_random_bytes_are_refused() -> None:
    chance = random.Random(21)
    for _ in range(500):
        data = chance.choice([MAGIC + b"\x01\x00", b"PK\x03\x04", b""]) + chance.randbytes(300)
        assert traced(data)[0]
