"""What a terminal shows of a network, of what is wrong with it, and of the service."""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from shapewright.cli import main

ROOT = Path(__file__).parents[1]
STEM = str(ROOT / "examples/stem.json")
SKIP = str(ROOT / "examples/skip.json")

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where the command is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_report_is_a_table(capsys: Captured) -> None:
    assert main(["report", STEM]) == 0
    shown = capsys.readouterr()
    assert "stem                 Conv2D              (?, 112, 112, 64)" in shown.out
    assert shown.out.endswith("output max_pooling2d (?, 56, 56, 64)\n")
    assert shown.err == ""


@pytest.mark.parametrize(("detail", "told"), [("full", True), ("shapes", True), ("summary", False)])
def test_a_report_is_json_if_that_is_wanted(capsys: Captured, detail: str, told: bool) -> None:
    shape = "[1, 64, 64, 3]"
    assert main(["report", STEM, "--json", "--detail", detail, "--input-shape", shape]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["outputs"][0]["shape"] == [1, 16, 16, 64]
    assert ("layers" in report) == told


def test_a_network_is_piped_in(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = b'{"input_shape": [null, 4], "layers": [{"type": "Mystery"}]}'
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stack)))
    assert main(["report", "-", "--unknown-layers", "identity"]) == 0
    assert "Mystery" in capsys.readouterr().out


def test_shapes_that_do_not_fit_are_told_after_all_that_fits(capsys: Captured) -> None:
    assert main(["report", SKIP]) == 1
    shown = capsys.readouterr()
    assert "1,488 parameters" in shown.out
    assert shown.err.startswith("shapewright: /layers/4: layer 4 `skip` (Concatenate): axis 1 of")


@pytest.mark.parametrize(
    ("content", "complaints"),
    [
        (None, ["network.json: No such file or directory"]),
        (b"{", ["the document is not JSON: unexpected end of data: line 1 column 2 (char 1)"]),
        (
            b'{"input_shape": 3, "layers": [{"type": "Flatten", "a": 1}]}',
            [
                "/input_shape: needs a shape such as [null, 224, 224, 3], got 3",
                "/layers/0/a: Flatten has no parameter `a`",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_line_by_line(
    capsys: Captured, folder: Path, content: bytes | None, complaints: list[str]
) -> None:
    if content is not None:
        (folder / "network.json").write_bytes(content)
    assert main(["report", "network.json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert len(lines) == len(complaints)
    for line, complaint in zip(lines, complaints, strict=True):
        assert line.startswith(f"shapewright: {complaint}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "required: COMMAND"),
        (["rapport"], "invalid choice: 'rapport'"),
        (["report"], "required: FILE"),
        (["report", STEM, "--input-shape", "1x2"], "--input-shape: not JSON"),
    ],
)
def test_a_command_line_that_is_wrong_is_told_apart(
    capsys: Captured, arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert told in capsys.readouterr().err


def test_the_openapi_document_is_the_one_that_is_kept(capsys: Captured) -> None:
    assert main(["openapi"]) == 0
    assert capsys.readouterr().out == (ROOT / "openapi.yaml").read_text()


def test_serving_becomes_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[Any] = []
    monkeypatch.setattr(os, "execv", lambda *command: became.append(command))
    main(["serve", "--bind", "0.0.0.0:80"])
    ((program, command),) = became
    assert program == command[0] == sys.executable
    assert command[1:3] == ["-m", "gunicorn"]
    assert command[-3:] == ["--bind", "0.0.0.0:80", "shapewright.wsgi:app"]
