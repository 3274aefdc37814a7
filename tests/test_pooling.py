"""Keras's pools beyond the golden cases: unknown sizes, messages and where they point, aliases."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.operations.pooling import AdaptivePooling, Pooling
from shapewright.operations.spatial import Layout
from shapewright.vocabularies.keras import VOCABULARY
from tests.single_layer import entry, fault, output

Sizes = list[int | None]

SHAPES: dict[str, tuple[str, dict[str, Any], Sizes, Sizes]] = {
    "stride is the size": ("MaxPooling2D", {"pool_size": 3}, [2, 9, 10, 4], [2, 3, 3, 4]),
    "default size": ("MaxPooling1D", {}, [2, 9, 4], [2, 4, 4]),
    "own stride": ("AvgPool1D", {"pool_size": 3, "strides": 1}, [2, 9, 4], [2, 7, 4]),
    "same": ("MaxPool3D", {"padding": "same"}, [2, 1, 2, 3, 4], [2, 1, 1, 2, 4]),
    "unknown": ("MaxPool2D", {}, [None, None, 5, None], [None, None, 2, None]),
    "channels first": (
        "MaxPool2D",
        {"data_format": "channels_first"},
        [None, 7, 5, 9],
        [None, 7, 2, 4],
    ),
    "global": ("GlobalMaxPool2D", {}, [None, None, 5, 8], [None, 8]),
    "global, kept": ("GlobalAvgPool2D", {"keepdims": True}, [3, None, 5, 8], [3, 1, 1, 8]),
    "global, first": (
        "GlobalMaxPool1D",
        {"keepdims": True, "data_format": "channels_first"},
        [3, 5, None],
        [3, 5, 1],
    ),
    "adaptive": ("AdaptiveMaxPooling2D", {"output_size": [3, 9]}, [1, 4, None, 2], [1, 3, 9, 2]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, **parameters) == expected


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "window too large": (
        "MaxPooling1D",
        {"pool_size": 5},
        [1, 4, 1],
        "/layers/0/pool_size",
        "the window spans 5 elements, but the axis has only 4",
    ),
    "no size for an average": (
        "AveragePooling1D",
        {},
        [1, 4, 1],
        "/layers/0/pool_size",
        "this parameter is required",
    ),
    "capitals matter": (
        "MaxPooling1D",
        {"padding": "SAME"},
        [1, 4, 1],
        "/layers/0/padding",
        "needs one of 'valid', 'same', got 'SAME'",
    ),
    "stride 0": (
        "MaxPooling2D",
        {"strides": [1, 0]},
        [1, 4, 4, 1],
        "/layers/0/strides",
        "needs an integer >= 1 or a list of 2 of them, got [1, 0]",
    ),
    "rank": (
        "GlobalMaxPooling2D",
        {},
        [1, 4, 4],
        "/layers/0",
        "needs 4 axes (batch, height, width, channels), got 3: (1, 4, 4)",
    ),
    "maximum of nothing": (
        "GlobalMaxPooling2D",
        {},
        [1, 0, 4, 2],
        "/layers/0",
        "there is nothing to pool: the spatial axes have sizes (0, 4)",
    ),
    "parts of nothing": (
        "AdaptiveAveragePooling1D",
        {"output_size": 2},
        [1, 0, 2],
        "/layers/0",
        "there is nothing to pool: the spatial axes have sizes (0,)",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


def test_average_of_nothing_is_one_element() -> None:
    assert output([1, 0, 4, 2], "GlobalAveragePooling2D") == [1, 2]


def test_pools_have_no_weights_and_multiply_nothing() -> None:
    found = entry([None, 8, 8, 3], "MaxPooling2D")
    assert (found.weights, found.macs) == ((), 0)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(("short", "word"), [("Max", "Max"), ("Avg", "Average")])
@pytest.mark.parametrize("reach", ["", "Global"])
def test_alias(reach: str, short: str, word: str, rank: int) -> None:
    found = VOCABULARY.find(f"{reach}{short}Pool{rank}D")
    assert found is not None
    assert found.name == f"{reach}{word}Pooling{rank}D"


# ---- what no layer of Keras asks for -------------------------------------------------------------

LINE = Layout(1, channels_last=False)


def pool(**facts: Any) -> Pooling:
    """A maximum over windows of two."""
    return Pooling(LINE, (Window(2, 2),), ((1, 1),), "explicit", "max", **facts)


def test_indices_are_a_second_output_of_the_same_shape() -> None:
    assert pool(with_indices=True).infer(((1, 3, 6),)).outputs == ((1, 3, 4), (1, 3, 4))


def test_ceil_lays_a_window_that_hangs_over_but_not_one_off_the_data() -> None:
    uneven = Pooling(LINE, (Window(3, 2),), ((0, 0),), "explicit", "max", ceil=True)
    assert uneven.infer(((1, 3, 6),)).outputs == ((1, 3, 3),)
    single = Pooling(LINE, (Window(1, 2),), ((0, 0),), "explicit", "max", ceil=True)
    assert single.infer(((1, 3, 12),)).outputs == ((1, 3, 6),)


def test_kernel_within_input_does_not_count_the_padding() -> None:
    assert pool().infer(((1, 3, 1),)).outputs == ((1, 3, 1),)
    with pytest.raises(ShapeError) as caught:
        pool(within_input=True).infer(((1, 3, 1),))
    assert caught.value.parameter == "kernel_size"
    assert "2 taps" in caught.value.detail
    assert "only 1 elements" in caught.value.detail


def test_adaptive_can_keep_a_size() -> None:
    square = Layout(2, channels_last=False)
    keeping = AdaptivePooling(square, (None, 2), "average")
    assert keeping.infer(((1, 3, UNKNOWN, 7),)).outputs == ((1, 3, UNKNOWN, 2),)
