"""Pools of all kinds on random small arrays, against naive loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import run
from shapewright.numeric.dtypes import lowest
from shapewright.numeric.kernels import KernelLayout
from shapewright.operations.pooling import AdaptivePooling, GlobalPooling, Pooling
from shapewright.operations.spatial import Layout
from tests.numeric import naive
from tests.numeric.arrays import BYTE_ORDERS, DTYPES, assert_near, filled

WINDOWS = st.builds(Window, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
SIDES = st.tuples(st.integers(0, 2), st.integers(0, 2))


@st.composite
def signals(draw: st.DrawFn, least: int = 1) -> tuple[Layout, Any]:
    """A layout and an array in it."""
    layout = Layout(draw(st.integers(1, 3)), draw(st.booleans()))
    sizes = draw(st.lists(st.integers(least, 7), min_size=layout.rank, max_size=layout.rank))
    shape = layout.compose(draw(st.integers(0, 2)), tuple(sizes), draw(st.integers(0, 3)))
    dtype = draw(st.sampled_from(BYTE_ORDERS)) + draw(st.sampled_from(DTYPES))
    order = draw(st.sampled_from("CF"))
    return layout, filled(shape, dtype, draw(st.integers(0, 1000)), order)  # type: ignore[arg-type]


def last(array: Any, layout: Layout) -> Any:
    """The array with its channels at the end."""
    return array if layout.channels_last else np.moveaxis(array, 1, -1)


def call(operation: Any, data: Any) -> Any:
    """The pool of the data, of the shape that was foretold; a case that does not fit is left."""
    try:
        outcome = operation.infer((data.shape,))
    except ShapeError:
        reject()
    result = run(operation, {"input": data}, KernelLayout.TAPS_FIRST)
    assert result.shape == outcome.outputs[0]
    return result


@settings(deadline=None, max_examples=150)
@given(signals(), st.data())
def test_pooling(signal: tuple[Layout, Any], draws: st.DataObject) -> None:
    """Maximum and average, with every padding and every divisor."""
    layout, data = signal
    several: dict[str, Any] = {"min_size": layout.rank, "max_size": layout.rank}
    words = st.sampled_from(["valid", "same", "same_lower"]).map(lambda word: (word,) * layout.rank)
    average = draws.draw(st.booleans())
    operation = Pooling(
        layout,
        tuple(draws.draw(st.lists(WINDOWS, **several))),
        tuple(draws.draw(words | st.lists(SIDES, **several))),
        "",
        "average" if average else "max",
        ceil=draws.draw(st.booleans()),
        count_include_pad=draws.draw(st.booleans()),
        divisor=draws.draw(st.sampled_from([None, None, 3, -2])),
    )
    result = call(operation, data)
    window = operation.infer((data.shape,)).window
    assert window is not None
    if not average:
        expected = naive.maximum(last(data, layout), window.placements, lowest(data.dtype))
        assert result.dtype == data.dtype.newbyteorder("=")
        np.testing.assert_array_equal(last(result, layout), expected)
        return
    expected = naive.average(
        last(data, layout),
        window.placements,
        padding=operation.count_include_pad,
        divisor=operation.divisor,
    )
    near(last(result, layout), expected, data)


def near(result: Any, expected: Any, data: Any) -> None:
    """Averages in the type that numpy gives them, of terms as large as the data."""
    assert result.dtype == np.mean(np.ones(1, data.dtype)).dtype
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(result), finite)
    terms = 1 + float(np.abs(data.astype(complex)).max(initial=0)) * max(data.size, 1)
    assert_near(
        np.where(finite, result, 0).astype(result.dtype), np.where(finite, expected, 0), terms
    )


@settings(deadline=None)
@given(signals(), st.booleans(), st.booleans())
def test_global_pooling(signal: tuple[Layout, Any], keepdims: bool, average: bool) -> None:
    """One element of each channel."""
    layout, data = signal
    operation = GlobalPooling(layout, keepdims, "average" if average else "max")
    result = call(operation, data)
    if average:
        wide = data.astype(naive.wide(data))
        near(result, wide.mean(layout.spatial, keepdims=keepdims), data)
    else:
        np.testing.assert_array_equal(result, data.max(layout.spatial, keepdims=keepdims))


@settings(deadline=None)
@given(signals(), st.lists(st.integers(0, 9), min_size=3, max_size=3), st.booleans())
def test_adaptive_pooling(signal: tuple[Layout, Any], wanted: list[int], average: bool) -> None:
    """Each part by itself, more parts than elements among them."""
    layout, data = signal
    sizes = tuple(size or None for size in wanted[: layout.rank])
    result = call(AdaptivePooling(layout, sizes, "average" if average else "max"), data)
    ends = last(data, layout)
    outputs = last(result, layout).shape[1:-1]
    wide = np.complex128 if data.dtype.kind == "c" else np.float64
    expected = np.empty(last(result, layout).shape, wide if average else data.dtype)
    for index in np.ndindex(*outputs):
        part = tuple(
            slice(i * n // o, -(-(i + 1) * n // o))
            for i, n, o in zip(index, ends.shape[1:-1], outputs, strict=True)
        )
        values = ends[(slice(None), *part)]
        axes = tuple(range(1, layout.rank + 1))
        expected[(slice(None), *index)] = values.mean(axes) if average else values.max(axes)
    if average:
        near(last(result, layout), expected, data)
    else:
        np.testing.assert_array_equal(last(result, layout), expected)


def test_average_of_nothing_is_no_number() -> None:
    """It is one element all the same; a maximum of nothing is refused."""
    empty = {"input": np.zeros((1, 0, 2), np.float32)}
    layout = Layout(1, channels_last=True)
    result = run(GlobalPooling(layout, False, "average"), empty, KernelLayout.TAPS_FIRST)
    assert np.isnan(result).all()
    with pytest.raises(ShapeError, match="nothing to pool"):
        run(GlobalPooling(layout, False, "max"), empty, KernelLayout.TAPS_FIRST)
