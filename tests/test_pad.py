"""Padding, cropping and upsampling: sizes, sides, and how far they shift what is seen."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Shape
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.pad import Fill, Margin, Pad
from shapewright.operations.resize import Upsample
from shapewright.operations.spatial import Layout
from tests.single_layer import fault, output

Sizes = list[int | None]

SHAPES: dict[str, tuple[str, dict[str, Any], Sizes, Sizes]] = {
    "the default is one zero on each side": ("ZeroPadding2D", {}, [None, 6, 7, 3], [None, 8, 9, 3]),
    "a number for each axis": (
        "ZeroPadding2D",
        {"padding": [1, 2]},
        [None, 6, 7, 3],
        [None, 8, 11, 3],
    ),
    "a pair is both sides of one axis": (
        "ZeroPadding1D",
        {"padding": [1, 2]},
        [None, 6, 3],
        [None, 9, 3],
    ),
    "pairs and numbers": (
        "ZeroPadding3D",
        {"padding": [[0, 3], 1, [2, 0]], "data_format": "channels_first"},
        [1, 2, 5, 5, None],
        [1, 2, 8, 7, None],
    ),
    "an empty axis is padded": ("ZeroPadding1D", {}, [1, 0, 3], [1, 2, 3]),
    "cropping": (
        "Cropping2D",
        {"cropping": [[1, 2], 3]},
        [None, 6, 7, 3],
        [None, 3, 1, 3],
    ),
    "cropping nothing by default": ("Cropping2D", {}, [None, 6, 7, 3], [None, 6, 7, 3]),
    "upsampling": ("UpSampling2D", {"size": [2, 3]}, [None, 6, None, 3], [None, 12, None, 3]),
    "upsampling before the channels": (
        "UpSampling3D",
        {"data_format": "channels_first"},
        [1, 2, 3, 4, 5],
        [1, 2, 6, 8, 10],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, **parameters) == expected


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "nothing left": (
        "Cropping1D",
        {"cropping": [4, 2]},
        [None, 6, 3],
        "/layers/0/cropping",
        "axis 1 of (?, 6, 3) has 6 elements; of these 4 are cut before and 2 after, "
        "so that 0 would be left, at least 1 needed",
    ),
    "a rank": (
        "ZeroPadding2D",
        {},
        [None, 6, 3],
        "/layers/0",
        "needs 4 axes (batch, height, width, channels), got 3: (?, 6, 3)",
    ),
    "negative padding": (
        "ZeroPadding1D",
        {"padding": -1},
        [None, 6, 3],
        "/layers/0/padding",
        "needs an integer >= 0 or a list of 2 of them, got -1",
    ),
    "sides of too many axes": (
        "Cropping2D",
        {"cropping": [1, 1, 1]},
        [None, 6, 6, 3],
        "/layers/0/cropping",
        "needs an integer >= 0 or a list of 2, each an integer >= 0 or [before, after], "
        "got [1, 1, 1]",
    ),
    "a method": (
        "UpSampling2D",
        {"interpolation": "cubic"},
        [None, 6, 6, 3],
        "/layers/0/interpolation",
        "needs one of 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area', "
        "got 'cubic'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


# ---- beyond Keras --------------------------------------------------------------------------------

FILLS: dict[str, tuple[Fill, int, tuple[int, int], int | None]] = {
    "a reflection leaves out the edge": ("reflect", 4, (3, 0), 7),
    "and needs the elements behind it": ("reflect", 3, (3, 0), None),
    "a circle goes round once": ("circular", 3, (3, 2), 8),
    "and no further": ("circular", 3, (0, 4), None),
    "an edge is repeated without end": ("replicate", 1, (5, 5), 11),
    "so is a constant": ("constant", 0, (5, 5), 10),
    "one side is cut, the other padded": ("constant", 2, (-2, 3), 3),
    "more is cut than there is": ("constant", 2, (-3, 4), None),
}


@pytest.mark.parametrize("name", FILLS)
def test_how_much_each_fill_can_add(name: str) -> None:
    fill, size, (before, after), expected = FILLS[name]
    pad = Pad((Margin(-1, before, after),), fill=fill)
    if expected is None:
        with pytest.raises(ShapeError):
            pad.infer(((2, size),))
    else:
        assert pad.infer(((2, size),)).outputs == ((2, expected),)


def test_too_few_to_copy() -> None:
    with pytest.raises(ShapeError) as caught:
        Pad((Margin(1, 1, 4),), fill="reflect").infer(((2, 4),))
    assert caught.value.parameter == "padding"
    assert caught.value.detail == (
        "axis 1 of (2, 4) has 4 elements, too few for a reflect padding of 1 before and 4 after"
    )


def test_an_unknown_axis_stays_unknown() -> None:
    pad = Pad((Margin(1, 5, 0),), fill="reflect")
    assert pad.infer(((2, UNKNOWN),)).outputs == ((2, UNKNOWN),)


SEEN: dict[str, tuple[str, int, list[tuple[int, int]]]] = {
    "nearest": ("nearest", 3, [(0, 0), (0, 0), (0, 0), (1, 1)]),
    "between two": ("bilinear", 2, [(-1, 0), (0, 1), (0, 1), (1, 2)]),
    "or on one": ("bilinear", 3, [(-1, 0), (0, 0), (0, 1), (0, 1)]),
    "between four": ("bicubic", 2, [(-2, 1), (-1, 2), (-1, 2), (0, 3)]),
    "between six": ("lanczos3", 2, [(-3, 2), (-2, 3), (-2, 3), (-1, 4)]),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_an_upsampled_element_is_made_of(name: str) -> None:
    method, factor, expected = SEEN[name]
    outcome = Upsample(Layout(1, channels_last=True), (factor,), method).infer(((1, 9, 2),))
    link = outcome.links[0][1]
    assert link is not None
    assert link.reach is not None
    start = link.reach.start
    seen = [link.reach.interval(output) for output in range(4)]
    assert [(start + low, start + high) for low, high in seen] == expected


def test_areas_have_no_closed_form() -> None:
    shape: Shape = (1, 9, 2)
    links = Upsample(Layout(1, channels_last=True), (2,), "area").infer((shape,)).links
    assert links[0][1] is not None
    assert links[0][1].reach is None
