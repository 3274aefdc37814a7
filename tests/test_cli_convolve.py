"""A layer run from files, what a terminal shows of it, and what is written."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapewright.cli import main
from shapewright.numeric.plans import Plan
from shapewright.running.convolved import Convolved
from tests.client.test_public import loaded_by
from tests.golden_data import GOLDEN

CASES = json.loads((GOLDEN / "convolve/index.json").read_text())
RELATIVE = {"float32": 1e-5, "float64": 1e-12}

SHOWN = """\
conv2d  Conv2D  (1, 3, 3, 1)  3x3 /2  same 1+1  3x3       10    81
"""
BESIDE = """\
note: no bias was sent, so none was added

taps on data
[[4 6 4]
 [6 9 6]
 [4 6 4]]

axis 1: output 0 reads - 0 1; output 1 reads 1 2 3; output 2 reads 3 4 -
axis 2: output 0 reads - 0 1; output 1 reads 1 2 3; output 2 reads 3 4 -

(1, 3, 3, 1) float32, as predicted
"""
SUMS = [12, 27, 24, 63, 108, 81, 72, 117, 84]
NUMBERS = """\
[[[[ 12.]
   [ 27.]
   [ 24.]]

  [[ 63.]
   [108.]
   [ 81.]]

  [[ 72.]
   [117.]
   [ 84.]]]]
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a layer, an input and a kernel, where the command is run."""
    monkeypatch.chdir(tmp_path)
    Path("layer.json").write_text('{"type": "Conv2D", "strides": 2, "padding": "same"}')
    np.save("input.npy", np.arange(25, dtype=np.float32).reshape(1, 5, 5, 1))
    np.save("kernel.npy", np.ones((3, 3, 1, 1), np.float32))
    np.save("bias.npy", np.float32([0.5]))
    return tmp_path


GOOD = ["convolve", "layer.json", "input.npy", "kernel.npy"]


def test_the_report_and_the_output_are_shown(capsys: Captured) -> None:
    assert main([*GOOD, "--mask", "--impulse"]) == 0
    shown = capsys.readouterr()
    assert SHOWN in shown.out
    assert shown.out.endswith(BESIDE + NUMBERS)
    assert shown.err == ""


def test_mask_and_impulse_are_shown_only_if_they_are_asked_for(capsys: Captured) -> None:
    assert main(GOOD) == 0
    shown = capsys.readouterr().out
    assert "taps on data" not in shown
    assert "axis" not in shown


def test_the_output_is_written_in_place_of_being_shown(capsys: Captured) -> None:
    assert main([*GOOD, "--bias", "bias.npy", "-o", "out.npy"]) == 0
    assert np.load("out.npy").ravel().tolist() == [value + 0.5 for value in SUMS]
    shown = capsys.readouterr().out
    assert shown.endswith("(1, 3, 3, 1) float32, as predicted\nwritten to out.npy\n")


def test_an_archive_holds_all_of_it() -> None:
    assert main([*GOOD, "--mask", "--impulse", "-o", "out.npz"]) == 0
    with np.load("out.npz", allow_pickle=False) as archive:
        members = dict(archive)
    assert members["output"].ravel().tolist() == SUMS
    assert members["mask"].tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    report = json.loads(members["report"].item())
    assert (report["shape_agrees"], report["layer"]["macs"]) == (True, 81)
    assert report["impulse"][0]["windows"][0] == {"output": 0, "reads": [None, 0, 1]}


def test_an_archive_can_be_the_input(capsys: Captured) -> None:
    arrays = {part: np.load(f"{part}.npy") for part in ("input", "kernel", "bias")}
    np.savez_compressed("arrays.npz", **arrays)
    assert main(["convolve", "layer.json", "arrays.npz", "-o", "archive.npy"]) == 0
    assert main([*GOOD, "--bias", "bias.npy", "-o", "single.npy"]) == 0
    assert Path("archive.npy").read_bytes() == Path("single.npy").read_bytes()
    assert "note: no bias" not in capsys.readouterr().out


def test_layer_and_output_go_through_pipes(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    layer = TextIOWrapper(BytesIO(Path("layer.json").read_bytes()))
    monkeypatch.setattr(sys, "stdin", layer)
    assert main(["convolve", "-", "input.npy", "kernel.npy", "-o", "-"]) == 0
    shown = capsysbinary.readouterr()
    assert np.load(BytesIO(shown.out)).ravel().tolist() == SUMS
    assert b"as predicted" in shown.err


def argument(part: str) -> str:
    """How the file of an array is given."""
    file = f"{part}.npy"
    return file if part in ("input", "kernel") else f"--{part.replace('_', '-')}={file}"


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['file'][5:8]}-{case['layer']['type']}"
)
def test_files_agree_with_the_framework(case: dict[str, Any]) -> None:
    """Every array case of the golden data, each array in a file of its own."""
    with np.load(GOLDEN / "convolve" / case["file"]) as archive:
        arrays = dict(archive)
    expected = arrays.pop("expected")
    Path("layer.json").write_text(json.dumps(case["layer"]))
    for part, array in arrays.items():
        np.save(f"{part}.npy", array)
    assert main(["convolve", "layer.json", *map(argument, arrays), "-o", "out.npy"]) == 0
    result = np.load("out.npy")
    assert result.shape == expected.shape
    off = np.abs(result - expected).max() / np.abs(expected).max()
    assert off <= RELATIVE[str(expected.dtype)]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["none.json", "input.npy"], "none.json: No such file or directory"),
        (["layer.json", "none.npy"], "none.npy: No such file or directory"),
        (["input.npy", "input.npy"], "the layer is not JSON: "),
        (["layer.json", "layer.json"], "input is not a .npy file"),
        (["layer.json", "input.npy", "broken.npz"], "kernel is not a .npy file"),
        (["layer.json", "broken.npz"], "not a .npz file: "),
        (["layer.json", "input.npy"], "/kernel: the layer needs an array `kernel`, got none"),
        (["list.json", "input.npy"], "/layer: "),
        (["wrong.json", "input.npy", "kernel.npy"], "/layer/stride: Conv2D has no parameter"),
        (["dense.json", "input.npy"], "only windows are run on arrays"),
        (
            ["layer.json", "input.npy", "kernel.npy", "--bias", "input.npy"],
            "the layer needs a bias",
        ),
        (
            ["narrow.json", "input.npy"],
            "/layer/pool_size: layer 0 `max_pooling2d` (MaxPooling2D): ",
        ),
        (["layer.json", "pickled.npy", "kernel.npy"], "input must hold elements of one of the"),
        (["layer.json", "input.npy", "kernel.npy", "-o", "no/out.npy"], "no/out.npy: No such file"),
    ],
)
def test_what_is_wrong_is_told(capsys: Captured, arguments: list[str], complaint: str) -> None:
    Path("list.json").write_text("[]")
    Path("wrong.json").write_text('{"type": "Conv2D", "stride": 2}')
    Path("dense.json").write_text('{"type": "Dense", "units": 3}')
    Path("narrow.json").write_text('{"type": "MaxPooling2D", "pool_size": 6}')
    Path("broken.npz").write_bytes(b"PK\x03\x04")
    np.save("pickled.npy", np.array([[[[{}]]]]), allow_pickle=True)
    assert main(["convolve", *arguments]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"shapewright: {complaint}")


def test_another_kind_of_output_is_refused_before_anything_is_run(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as left:
        main([*GOOD, "-o", "out.txt"])
    assert left.value.code == 2
    assert "out.txt ends neither in .npy nor in .npz" in capsys.readouterr().err


def test_memory_that_is_not_there_is_told(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: Plan) -> Any:
        raise MemoryError("Unable to allocate 7.28 TiB")

    monkeypatch.setattr(Plan, "run", run)
    assert main(GOOD) == 1
    assert (
        capsys.readouterr().err == "shapewright: not enough memory: Unable to allocate 7.28 TiB\n"
    )


def test_a_shape_that_was_not_predicted_is_a_failure(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Convolved, "shape_agrees", False)
    assert main(GOOD) == 1
    shown = capsys.readouterr()
    assert "as predicted" not in shown.out
    assert "was predicted, but (1, 3, 3, 1) came out" in shown.err


def test_only_this_command_loads_numpy_and_none_that_runs_loads_flask() -> None:
    loaded = loaded_by("from shapewright.cli import main")
    assert not loaded & {"numpy", "flask"}
    loaded = loaded_by(f"from shapewright.cli import main; main({[*GOOD, '-o', 'out.npy']})")
    assert "flask" not in loaded
