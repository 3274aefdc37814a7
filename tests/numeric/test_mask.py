"""How many taps lie on data: what is counted is what the report says, and what ones add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.border import sight
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Placement, Window
from shapewright.numeric.convolve import run
from shapewright.numeric.errors import ArrayTooLarge, CannotRun
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.mask import taps_on_data
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.pooling import GlobalPooling, Pooling
from shapewright.operations.spatial import Layout

WINDOWS = st.builds(Window, st.integers(1, 6), st.integers(1, 6), st.integers(1, 4))


def reported(placement: Placement, *, transposed: bool) -> Any:
    """The counts along one axis, run by run as the report has them."""
    counts = np.full(placement.outputs, -1)  # type: ignore[arg-type]
    for seen in sight(placement, transposed=transposed).runs or ():
        counts[seen.first : seen.last + 1 : seen.step] = seen.count
    return counts


@st.composite
def operations(draw: st.DrawFn) -> tuple[Any, tuple[int, ...]]:
    """A convolution of one channel, plain or transposed, and the shape of its input."""
    rank = draw(st.integers(1, 2))
    several: dict[str, Any] = {"min_size": rank, "max_size": rank}
    sides = st.tuples(st.integers(0, 4), st.integers(0, 4))
    words = st.sampled_from(["valid", "same"]).map(lambda word: (word,) * rank)
    kind = draw(st.sampled_from([Convolution, TransposedConvolution]))
    windows = tuple(draw(st.lists(WINDOWS, **several)))
    paddings = draw(words | st.lists(sides, **several).map(tuple))
    operation = kind(Layout(rank, channels_last=True), windows, paddings, "", 1)
    return operation, (1, *draw(st.lists(st.integers(1, 9), **several)), 1)


@settings(deadline=None)
@given(operations())
def test_taps_on_data(case: tuple[Any, tuple[int, ...]]) -> None:
    """Ones add up to the number of taps that lie on them; along an axis the report says as much."""
    operation, shape = case
    try:
        window = operation.infer((shape,)).window
    except ShapeError:
        reject()
    result = taps_on_data(operation, shape)
    kernel = np.ones((*(w.kernel for w in operation.windows), 1, 1), int)
    arrays = {"input": np.ones(shape, int), "kernel": kernel}
    ones = run(operation, arrays, KernelLayout.TAPS_FIRST)
    np.testing.assert_array_equal(result, ones[0, ..., 0])
    counts = [reported(p, transposed=window.transposed) for p in window.placements]
    np.testing.assert_array_equal(result, counts[0] if len(counts) == 1 else np.outer(*counts))


def test_border_of_a_pool() -> None:
    """The seed's picture: fewer taps see data at the border."""
    window = (Window(3), Window(3))
    operation = Pooling(Layout(2, False), window, ("same", "same"), "same", "max")
    assert taps_on_data(operation, (1, 2, 3, 4)).tolist() == [
        [4, 6, 6, 4],
        [6, 9, 9, 6],
        [4, 6, 6, 4],
    ]


def test_no_window() -> None:
    with pytest.raises(CannotRun, match="no window"):
        taps_on_data(GlobalPooling(Layout(1, True), False, "max"), (1, 4, 2))


@pytest.mark.parametrize(
    ("operation", "shape", "needed"),
    [
        (
            Pooling(Layout(2, False), (Window(3),) * 2, ("same",) * 2, "same", "max"),
            (0, 4, 5, 6),
            240,
        ),
        (
            TransposedConvolution(Layout(2, True), (Window(1, 10**9),) * 2, ("same",) * 2, "", 1),
            (1, 0, 3, 1),
            8 * 3 * 10**9,
        ),
    ],
)
def test_a_large_mask_is_refused(operation: Any, shape: tuple[int, ...], needed: int) -> None:
    """Even where another axis is empty, and the output too."""
    with pytest.raises(ArrayTooLarge, match=f"bytes of mask: {needed} needed, at most 239 allowed"):
        taps_on_data(operation, shape, 239)
