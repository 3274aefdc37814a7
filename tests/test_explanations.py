"""Explanations and notes: named ones word for word, and all of the golden models' by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shapewright.formats.keras_json import read_keras
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.notes import CODES
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from tests.golden_data import GOLDEN, load

IMAGE = [None, 14, 14, 8]
STEPS = [None, 100, 3]
Layer = dict[str, Any]


def entry(shape: list[int | None], layer: Layer) -> Entry:
    return infer(read_stack({"input_shape": shape, "layers": [layer]}, Options())).layers[0]


def conv(**more: Any) -> Layer:
    return {"type": "Conv2D", "filters": 4, "kernel_size": 3, **more}


def transposed(**more: Any) -> Layer:
    return {"type": "Conv2DTranspose", "filters": 4, "strides": 2, **more}


SAID: dict[str, tuple[list[int | None], Layer, str]] = {
    "what valid leaves": (
        [None, 225, 225, 3],
        conv(kernel_size=4, strides=2),
        "A window of 4x4 moves 2 steps at a time and makes 111x111 of 225x225. No window reads 1 "
        "element of height and of width: what is left at the end is shorter than a stride.",
    ),
    "symmetric same": (
        IMAGE,
        conv(padding="same"),
        "A window of 3x3 moves one step at a time and keeps 14x14. `same` padding adds 1 on each "
        "side of height and width. Of the 3x3 taps, the first window has 2x2 on data and the last "
        "2x2.",
    ),
    "lopsided same": (
        IMAGE,
        conv(padding="same", strides=2),
        "A window of 3x3 moves 2 steps at a time and makes 7x7 of 14x14. `same` padding adds 1 "
        "after height and width: 1 cannot be halved, so the extra one goes to the end. Of the 3x3 "
        "taps, the first window has 3x3 on data and the last 2x2.",
    ),
    "causal and dilated": (
        STEPS,
        {
            "type": "Conv1D",
            "filters": 4,
            "kernel_size": 3,
            "dilation_rate": 4,
            "padding": "causal",
        },
        "A window of 3, spread over 9 by its dilation, moves one step at a time and keeps 100. "
        "`causal` padding adds 8 before length, so that no output sees a later input. Of the 3 "
        "taps, the first window has 1 on data and the last 3.",
    ),
    "one tap": (
        IMAGE,
        conv(kernel_size=1),
        "Reads one position for each output: what lies around it does not matter.",
    ),
    "unknown sizes": (
        [None, None, None, 3],
        conv(kernel_size=7, strides=2),
        "A window of 7x7 moves 2 steps at a time and makes floor((n - 5) / 2) of n along "
        "height and width.",
    ),
    "transposed and uneven": (
        IMAGE,
        transposed(kernel_size=3, padding="same"),
        "Each of 14x14 inputs spreads over 3x3 outputs, 2 apart: 29x29 in full. The padding cuts 1 "
        "after height and width, which leaves 28x28. The kernel 3 is no multiple of the stride 2, "
        "so neighbouring outputs sum 1 or 2 taps by turns.",
    ),
    "normalization": (
        IMAGE,
        {"type": "BatchNormalization"},
        "Works element by element with 32 parameters, 16 of which do not train; the shape stays.",
    ),
    "dense": (
        [None, 10],
        {"type": "Dense", "units": 3},
        "Works along the whole of axis 1 (10 elements), weighed by 33 parameters.",
    ),
    "global pooling": (
        IMAGE,
        {"type": "GlobalMaxPooling2D"},
        "Works along the whole of axis 1 and axis 2 (14x14 = 196 elements).",
    ),
    "flatten": (
        IMAGE,
        {"type": "Flatten"},
        "Lays the same 1,568 elements of a sample out as (?, 1568).",
    ),
    "padding": (
        IMAGE,
        {"type": "ZeroPadding2D", "padding": [[0, 1], [0, 1]]},
        "Adds 1 after along axis 1 and axis 2.",
    ),
    "cropping": (
        IMAGE,
        {"type": "Cropping2D", "cropping": 2},
        "Cuts 2 on each side along axis 1 and axis 2.",
    ),
    "upsampling": (
        IMAGE,
        {"type": "UpSampling2D"},
        "Repeats each element 2 times along axis 1 and axis 2.",
    ),
    "permutation": (
        IMAGE,
        {"type": "Permute", "dims": [3, 1, 2]},
        "Reorders the axes to (0, 3, 1, 2): (?, 14, 14, 8) becomes (?, 8, 14, 14).",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_said(case: str) -> None:
    shape, layer, wanted = SAID[case]
    assert entry(shape, layer).explanation == wanted


NOTED: dict[str, tuple[list[int | None], Layer, set[str]]] = {
    "nothing": (IMAGE, conv(padding="same"), set()),
    "lopsided": (IMAGE, conv(padding="same", strides=2), {"asymmetric_padding"}),
    "even": (
        IMAGE,
        conv(kernel_size=4, padding="same"),
        {"asymmetric_padding", "even_effective_kernel"},
    ),
    "unread": (IMAGE, conv(strides=2), {"unread_input"}),
    "larger than the input": (
        [None, 4, 4, 3],
        conv(kernel_size=9, padding="same"),
        {"window_larger_than_input"},
    ),
    "unknown": ([None, None, None, 3], conv(), {"unknown_size"}),
    "transposed": (IMAGE, transposed(kernel_size=3), {"uneven_overlap"}),
    "a border without end": (
        [None, 9000, 3],
        {"type": "Conv1D", "filters": 1, "kernel_size": 9000, "padding": "same"},
        {"asymmetric_padding", "even_effective_kernel", "long_border"},
    ),
}


@pytest.mark.parametrize("case", NOTED)
def test_what_is_noted(case: str) -> None:
    shape, layer, wanted = NOTED[case]
    assert {note.code for note in entry(shape, layer).notes} == wanted


def test_branches_that_miss_each_other_are_noted() -> None:
    stack = {
        "input_shape": [None, 14, 3],
        "layers": [
            {"type": "Conv1D", "name": "a", "filters": 4, "kernel_size": 3, "strides": 2}
            | {"padding": "same"},
            {"type": "Conv1D", "name": "b", "filters": 4, "kernel_size": 2, "strides": 2}
            | {"inputs": "input"},
            {"type": "Add", "inputs": ["a", "b"]},
        ],
    }
    (note,) = infer(read_stack(stack, Options())).layers[2].notes
    assert note.code == "misaligned_branches"
    assert note.message == (
        "axis 1 of `input`: `a` has stride 2 and centre 1, `b` stride 2 and centre 0.5: "
        "they miss each other by 0.5 elements"
    )


def golden_entries() -> Iterator[Entry]:
    for path in sorted((GOLDEN / "keras_apps").glob("*.json.gz")):
        document = load(f"keras_apps/{path.name.removesuffix('.json.gz')}")["config"]
        yield from flat(infer(read_keras(document, Options())).layers)


def flat(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for one in entries:
        yield one
        yield from flat(one.layers)


def test_every_golden_layer_is_explained_in_one_to_three_sentences() -> None:
    for one in golden_entries():
        sentences = re.findall(r"[A-Z`].*?\.(?= [A-Z`]|$)", one.explanation)
        assert " ".join(sentences) == one.explanation
        assert 1 <= len(sentences) <= 3, one.explanation
        assert {note.code for note in one.notes} <= set(CODES)


def test_a_report_lists_only_so_many_windows() -> None:
    layer = {"type": "Conv1D", "filters": 1, "kernel_size": 2001, "padding": "same"}
    report = infer(read_stack({"input_shape": [None, 9000, 1], "layers": [layer] * 80}, Options()))
    listed = [entry.visibility.axes[0].runs for entry in report.layers if entry.visibility]
    assert len(listed[0] or ()) == 2001
    assert listed[-1] is None
    assert "long_border" in {note.code for note in report.layers[-1].notes}
