"""`.keras` files: real ones, and archives that are damaged, ambiguous or meant to harm."""

from __future__ import annotations

import random
import warnings
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import orjson
import pytest

from shapewright.formats import keras_file
from shapewright.formats.errors import DocumentError, TooLarge, Unreadable
from shapewright.formats.keras_file import read_config
from shapewright.formats.options import Options
from shapewright.formats.read import read
from shapewright.network.propagate import infer
from tests.golden_data import GOLDEN
from tests.keras_documents import given, layer, sequential

MOST = 10_000
TINY = (GOLDEN / "models/tiny.keras").read_bytes()
MODEL = orjson.dumps(sequential(given("x", None, 4), layer("Dense", "dense", units=2)))


def archive(*members: tuple[str, bytes], method: int = ZIP_STORED) -> bytes:
    """A zip archive of these files."""
    body = BytesIO()
    with ZipFile(body, "w", method) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # members of the same name are the point of some tests
        for name, content in members:
            file.writestr(name, content)
    return body.getvalue()


def test_a_file_that_keras_saved() -> None:
    report = infer(read(TINY, Options()))
    assert report.source == "keras_file"
    assert [entry.name for entry in report.layers] == ["conv"]
    assert report.totals.params == 3 * 3 * 3 * 2 + 2


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_stored_and_deflated(method: int) -> None:
    body = archive(("metadata.json", b"{}"), ("config.json", MODEL), method=method)
    assert read_config(body, MOST) == MODEL


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_other_compressions_are_not_unpacked(method: int) -> None:
    with pytest.raises(Unreadable, match="neither stored nor deflated"):
        read_config(archive(("config.json", MODEL), method=method), MOST)


def test_no_config() -> None:
    with pytest.raises(Unreadable, match=r"no \.keras file: it holds no config\.json"):
        read_config(archive(("model.json", MODEL)), MOST)


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
def test_members_of_the_same_name(name: str) -> None:
    body = archive(("config.json", MODEL), ("model.weights.h5", b""), (name, b"{}"))
    with pytest.raises(Unreadable, match="several members of the same name"):
        read_config(body, MOST)


def test_encrypted() -> None:
    body = bytearray(archive(("config.json", MODEL)))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="encrypted"):
        read_config(bytes(body), MOST)


def test_a_bomb_is_not_unpacked() -> None:
    body = archive(("config.json", b" " * (MOST + 1)), method=ZIP_DEFLATED)
    assert len(body) < 500
    with pytest.raises(TooLarge, match="10001 bytes, at most 10000 are read"):
        read_config(body, MOST)


def test_a_bomb_that_lies_about_its_size() -> None:
    """No more is unpacked than was declared, and what was is then found to be damaged."""
    body = bytearray(archive(("config.json", b" " * 1_000_000), method=ZIP_DEFLATED))
    entry = body.index(b"PK\x01\x02")
    body[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="damaged"):
        read_config(bytes(body), MOST)


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_file, "MOST_MEMBERS", 5)
    body = archive(*((f"{index}.json", b"") for index in range(6)))
    with pytest.raises(TooLarge, match="at most 5 members"):
        read_config(body, MOST)


def test_config_that_is_no_json() -> None:
    with pytest.raises(Unreadable, match="not JSON"):
        read(archive(("config.json", b"\x00")), Options())


def test_damage_is_never_another_exception() -> None:
    source = random.Random(7)
    for _ in range(3000):
        body = bytearray(archive(("config.json", MODEL), method=ZIP_DEFLATED))
        for _ in range(source.choice((1, 1, 3, 10))):
            body[source.randrange(4, len(body))] = source.randrange(256)
        cut = source.choice((len(body), len(body), source.randrange(4, len(body))))
        try:
            read(bytes(body[:cut]), Options())
        except DocumentError:
            continue
