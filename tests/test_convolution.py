"""Keras's convolutions beyond the golden cases: macs, unknown sizes, messages, empty axes."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.vocabularies.keras import VOCABULARY
from tests.single_layer import entry, fault, output

Sizes = list[int | None]

MACS: dict[str, tuple[str, dict[str, Any], Sizes, int]] = {
    "stem of a ResNet": (
        "Conv2D",
        {"filters": 64, "kernel_size": 7, "strides": 2, "padding": "same"},
        [None, 224, 224, 3],
        112 * 112 * 7 * 7 * 3 * 64,
    ),
    "grouped": (
        "Conv1D",
        {"filters": 6, "kernel_size": 3, "groups": 3},
        [None, 10, 12],
        8 * 3 * (12 // 3) * 6,
    ),
    "depthwise": (
        "DepthwiseConv2D",
        {"kernel_size": [3, 5], "depth_multiplier": 2},
        [None, 9, 9, 4],
        7 * 5 * 3 * 5 * 4 * 2,
    ),
    "separable": (
        "SeparableConv1D",
        {"filters": 5, "kernel_size": 3, "depth_multiplier": 2},
        [None, 9, 4],
        7 * 3 * 8 + 7 * 8 * 5,
    ),
    "transposed counts inputs": (
        "Conv2DTranspose",
        {"filters": 5, "kernel_size": 3, "strides": 2, "padding": "same"},
        [None, 7, 6, 4],
        7 * 6 * 3 * 3 * 4 * 5,
    ),
    "empty axis": ("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "same"}, [1, 0, 4], 0),
}


@pytest.mark.parametrize("name", MACS)
def test_macs(name: str) -> None:
    kind, parameters, shape, macs = MACS[name]
    assert entry(shape, kind, **parameters).macs == macs


SHAPES: dict[str, tuple[str, dict[str, Any], Sizes, Sizes]] = {
    "unknown": ("Conv2D", {"filters": 2, "kernel_size": 3}, [None, None, 9, 4], [None, None, 7, 2]),
    "capitals": (
        "Conv1D",
        {"filters": 2, "kernel_size": 3, "padding": "SAME", "data_format": "Channels_First"},
        [1, 4, 9],
        [1, 2, 9],
    ),
    "causal": (
        "Conv1D",
        {"filters": 2, "kernel_size": 9, "padding": "causal", "strides": 2},
        [1, 3, 4],
        [1, 2, 2],
    ),
    "depthwise strides and dilates at once": (
        "DepthwiseConv1D",
        {"kernel_size": 3, "strides": 2, "dilation_rate": 2},
        [1, 9, 2],
        [1, 3, 2],
    ),
    "separable over an empty axis": (
        "SeparableConv1D",
        {"filters": 3, "kernel_size": 3, "padding": "same"},
        [1, 0, 2],
        [1, 0, 3],
    ),
    "transposed, unknown": (
        "Conv1DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"},
        [1, None, 4],
        [1, None, 2],
    ),
    "transposed to nothing": (
        "Conv1DTranspose",
        {"filters": 2, "kernel_size": 2, "padding": "same", "output_padding": 0},
        [1, 1, 4],
        [1, 0, 2],
    ),
    "no channels": ("DepthwiseConv1D", {"kernel_size": 3}, [1, 5, 0], [1, 3, 0]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, **parameters) == expected


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "window too large": (
        "Conv1D",
        {"filters": 2, "kernel_size": 3, "dilation_rate": 4},
        [1, 8, 4],
        "/layers/0/kernel_size",
        "the window spans 9 elements (kernel 3, dilation 4), but the axis has only 8",
    ),
    "groups and filters": (
        "Conv1D",
        {"filters": 7, "kernel_size": 3, "groups": 2},
        [1, 8, 4],
        "/layers/0/filters",
        "7 filters do not divide into 2 groups",
    ),
    "groups and channels": (
        "Conv1D",
        {"filters": 6, "kernel_size": 3, "groups": 3},
        [1, 8, 4],
        "/layers/0/groups",
        "4 input channels do not divide into 3 groups",
    ),
    "unknown channels": (
        "Conv2D",
        {"filters": 6, "kernel_size": 3, "data_format": "channels_first"},
        [1, None, 8, 8],
        "/layers/0",
        "the kernel needs a known size on axis 1, got (1, ?, 8, 8)",
    ),
    "strides and dilation": (
        "Conv2D",
        {"filters": 6, "kernel_size": 3, "strides": [2, 1], "dilation_rate": [1, 2]},
        [1, 8, 8, 3],
        "/layers/0/dilation_rate",
        "Keras does not stride and dilate at once, got strides [2, 1] and dilation_rate [1, 2]",
    ),
    "causal on two axes": (
        "Conv2D",
        {"filters": 6, "kernel_size": 3, "padding": "causal"},
        [1, 8, 8, 3],
        "/layers/0/padding",
        "needs one of 'valid', 'same', got 'causal'",
    ),
    "output padding": (
        "Conv2DTranspose",
        {"filters": 6, "kernel_size": 3, "strides": [3, 2], "output_padding": 2},
        [1, 8, 8, 3],
        "/layers/0/output_padding",
        "must be less than the stride on every axis, got output_padding [2, 2] and strides [3, 2]",
    ),
    "nothing left": (
        "Conv1DTranspose",
        {"filters": 6, "kernel_size": 2, "padding": "same", "output_padding": 0},
        [1, 0, 3],
        "/layers/0/padding",
        "0 inputs spread over 1 outputs, of which the padding cuts "
        "1 at the beginning and 1 at the end: none is left",
    ),
    "low rank beside a constraint": (
        "Conv1D",
        {"filters": 6, "kernel_size": 2, "lora_rank": 2, "kernel_constraint": "non_neg"},
        [1, 8, 3],
        "/layers/0/lora_rank",
        "a weight with a constraint takes no lora_rank",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


def test_macs_over_an_unknown_size_are_unknown() -> None:
    assert entry([None, None, 3], "Conv1D", filters=2, kernel_size=3).macs is UNKNOWN


def test_low_rank_weights_train_in_place_of_the_kernel() -> None:
    found = entry([None, 9, 9, 4], "Conv2D", filters=6, kernel_size=3, groups=2, lora_rank=5)
    assert [(weight.name, weight.shape, weight.trainable) for weight in found.weights] == [
        ("kernel", (3, 3, 2, 6), False),
        ("lora_kernel_a", (3, 3, 2, 5), True),
        ("lora_kernel_b", (5, 6), True),
        ("bias", (6,), True),
    ]


def test_report_of_a_separable_layer_is_of_its_window() -> None:
    layer = {"filters": 5, "kernel_size": [3, 4], "padding": "same", "strides": 2}
    window = entry([None, 9, 9, 4], "SeparableConv2D", **layer).window
    assert window is not None
    assert (window.mode, window.axes) == ("same", (1, 2))
    assert [(p.window.kernel, p.before, p.after) for p in window.placements] == [
        (3, 1, 1),
        (4, 1, 2),
    ]


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Convolution1D", "Conv1D"),
        ("Convolution3D", "Conv3D"),
        ("SeparableConvolution2D", "SeparableConv2D"),
        ("Convolution2DTranspose", "Conv2DTranspose"),
    ],
)
def test_alias(alias: str, name: str) -> None:
    found = VOCABULARY.find(alias)
    assert found is not None
    assert found.name == name
