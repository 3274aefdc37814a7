"""The same elements under other axes: reshaping, flattening, permuting, repeating."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Shape
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Operation
from shapewright.operations.permute import Permute
from shapewright.operations.reshape import INFERRED, Reshape
from tests.single_layer import fault, output

U = UNKNOWN

Sizes = list[int | None]

SHAPES: dict[str, tuple[str, dict[str, Any], Sizes, Sizes]] = {
    "reshape": ("Reshape", {"target_shape": [6, 2]}, [None, 3, 4], [None, 6, 2]),
    "a size is inferred": ("Reshape", {"target_shape": [2, -1]}, [5, 3, 4], [5, 2, 6]),
    "a size that cannot be known": (
        "Reshape",
        {"target_shape": [-1, 4]},
        [5, None, 4],
        [5, None, 4],
    ),
    "a size that is left open": ("Reshape", {"target_shape": [None, 4]}, [5, 3, 4], [5, None, 4]),
    "numbers get an axis": ("Reshape", {"target_shape": [1, 1]}, [None], [None, 1, 1]),
    "nothing at all": ("Reshape", {"target_shape": [0, 7]}, [2, 3, 0], [2, 0, 7]),
    "flatten": ("Flatten", {}, [None, 3, 4, 5], [None, 60]),
    "flatten numbers": ("Flatten", {}, [None], [None, 1]),
    "flatten what is open": ("Flatten", {"data_format": "channels_first"}, [2, 3, None], [2, None]),
    "permute": ("Permute", {"dims": [3, 1, 2]}, [None, 4, None, 6], [None, 6, 4, None]),
    "repeat": ("RepeatVector", {"n": 3}, [None, 4], [None, 3, 4]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, **parameters) == expected


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "other counts": (
        "Reshape",
        {"target_shape": [5, 2]},
        [None, 3, 4],
        "/layers/0/target_shape",
        "(5, 2) holds 10 elements, but 12 arrive",
    ),
    "no whole size is left": (
        "Reshape",
        {"target_shape": [5, -1]},
        [None, 3, 4],
        "/layers/0/target_shape",
        "12 elements arrive, which do not divide into parts of 5 as (5, -1) asks for",
    ),
    "nothing divides into nothing": (
        "Reshape",
        {"target_shape": [0, -1]},
        [None, None],
        "/layers/0/target_shape",
        "? elements arrive, which do not divide into parts of 0 as (0, -1) asks for",
    ),
    "two sizes to infer": (
        "Reshape",
        {"target_shape": [-1, 3, -1]},
        [None, 3, 4],
        "/layers/0/target_shape",
        "at most one size can be inferred from the others, got 2 that are -1",
    ),
    "not a permutation": (
        "Permute",
        {"dims": [1, 3]},
        [None, 3, 4],
        "/layers/0/dims",
        "needs each of 1 to 2 once, got [1, 3]",
    ),
    "a permutation of other axes": (
        "Permute",
        {"dims": [2, 1]},
        [None, 3],
        "/layers/0",
        "needs 3 axes (the batch and 2 more), got 2: (?, 3)",
    ),
    "no vectors": (
        "RepeatVector",
        {"n": 3},
        [None, 3, 4],
        "/layers/0",
        "needs 2 axes (batch, features), got 3: (?, 3, 4)",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


# ---- beyond Keras --------------------------------------------------------------------------------

RUNS: dict[str, tuple[Reshape, Shape, Shape | None]] = {
    "a view of all axes": (Reshape((6, INFERRED)), (2, 3, 4), (6, 4)),
    "axes in the middle": (Reshape((INFERRED,), 1, -2), (2, 3, 4, 5), (2, 12, 5)),
    "one axis is split": (Reshape((2, INFERRED), 1, 1), (2, 6, 5), (2, 2, 3, 5)),
    "a run that ends before it begins": (Reshape((INFERRED,), 2, 1), (2, 3, 4), None),
    "a run past the last axis": (Reshape((INFERRED,), 1, -1), (2,), None),
    "that may be empty": (Reshape((INFERRED,), 1, -1, may_be_empty=True), (2,), (2, 1)),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_axes(name: str) -> None:
    reshape, shape, expected = RUNS[name]
    if expected is None:
        with pytest.raises(ShapeError):
            reshape.infer((shape,))
    else:
        assert reshape.infer((shape,)).outputs == (expected,)


LINKS: dict[str, tuple[Operation, Shape, list[int | None]]] = {
    "flattened axes are seen whole": (Reshape((INFERRED,), 1), (2, 3, 4), [0, None, None]),
    "axes around the run go on": (Reshape((2, 2), 1, 1), (3, 4, 5, 6), [0, None, 3, 4]),
    "axes of size 1 come": (Reshape((1, 1, 8), 1), (2, 8), [0, 3]),
    "and go": (Reshape((8,), 1), (2, 1, 8, 1), [0, None, 1, None]),
    "around one that is open": (Reshape((U, 8), 1), (2, U, 1, 8), [0, 1, None, 2]),
    "of two that are open none is told from the other": (
        Reshape((U, U), 1),
        (2, U, U),
        [0, None, None],
    ),
    "a permutation": (Permute((0, 3, 1, 2)), (2, 3, 4, 5), [0, 2, 3, 1]),
}


@pytest.mark.parametrize("name", LINKS)
def test_what_becomes_of_each_axis(name: str) -> None:
    operation, shape, expected = LINKS[name]
    (links,) = operation.infer((shape,)).links
    assert [link and link.axis for link in links] == expected
