"""Transposed convolutions by blocks agree with those by adding, and are chosen by cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.numeric.blockwise import Blockwise
from shapewright.numeric.convolve import plan
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.plans import Plan
from shapewright.numeric.transposed import Transposed
from shapewright.operations.convolution import TransposedConvolution
from shapewright.operations.spatial import Layout
from tests.numeric.test_convolutions import Scene, scenes

PLANE = Layout(2, channels_last=True)
DIVIDED = st.builds(lambda s, times: Window(s * times, s), st.integers(1, 3), st.integers(1, 3))


def both(operation: Any, arrays: dict[str, Any], layout: KernelLayout) -> tuple[Plan, Plan]:
    """The plan by blocks, whether or not it is worth it, and the one by adding."""
    foretold = plan(operation, arrays, layout)
    job: Any = foretold.job
    scattered = job.scattered if isinstance(job, Blockwise) else job
    assert isinstance(scattered, Transposed)
    return replace(foretold, job=Blockwise(scattered)), replace(foretold, job=scattered)


@settings(deadline=None, max_examples=200)
@given(
    scenes(st.sampled_from(["valid", "same"])),
    st.lists(DIVIDED, min_size=3, max_size=3),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.sampled_from(["i4", "f4", "f8"]),
)
def test_whole_numbers_come_out_equal(
    scene: Scene, windows: list[Window], more: list[int], dtype: str
) -> None:
    """In every layout, with groups, and with what the padding cuts on either side."""
    rank, groups = scene.layout.rank, scene.groups
    operation = TransposedConvolution(
        scene.layout,
        tuple(windows[:rank]),
        scene.paddings,
        "",
        2 * groups,
        groups,
        output_paddings=tuple(more[:rank]),
    )
    random = np.random.default_rng(scene.seed)
    data: Any = scene.layout.compose(scene.batch, scene.sizes, scene.read * groups)
    taps = tuple(window.kernel for window in windows[:rank])
    kernel = random.integers(-20, 21, (*taps, 2, scene.read * groups)).astype(dtype)
    if scene.kernels is KernelLayout.CHANNELS_FIRST:
        kernel = np.asarray(np.moveaxis(kernel, (-1, -2), (0, 1)), order="C")
    arrays = {
        "input": random.integers(-20, 21, data).astype(dtype),
        "kernel": kernel,
        "bias": random.integers(-20, 21, 2 * groups).astype(dtype),
    }
    try:
        blockwise, scattered = both(operation, arrays, scene.kernels)
    except ShapeError:
        reject()
    np.testing.assert_array_equal(blockwise.run(), scattered.run())


def arrays_of(size: int, taps: int, channels: int, filters: int, dtype: str = "f4") -> Any:
    random = np.random.default_rng(0)
    return {
        "input": random.standard_normal((1, size, size, channels)).astype(dtype),
        "kernel": random.standard_normal((taps, taps, filters, channels)).astype(dtype),
        "bias": random.standard_normal(filters).astype(dtype),
    }


def transposed(taps: int, stride: int, filters: int, **options: Any) -> TransposedConvolution:
    window = Window(taps, stride, **options)
    return TransposedConvolution(PLANE, (window, window), ("same",) * 2, "same", filters)


@pytest.mark.parametrize(("taps", "stride"), [(4, 2), (3, 1), (6, 2)])
def test_rounding_is_that_of_single_precision(taps: int, stride: int) -> None:
    arrays = arrays_of(31, taps, 64, 32)
    operation = transposed(taps, stride, 32)
    wide = {name: array.astype(np.float64) for name, array in arrays.items()}
    expected = plan(operation, wide, KernelLayout.TAPS_FIRST).run()
    for foretold in both(operation, arrays, KernelLayout.TAPS_FIRST):
        off = np.abs(foretold.run() - expected).max() / np.abs(expected).max()
        assert off <= 1e-6


@pytest.mark.parametrize("part", ["input", "kernel"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_as_adding_has_it(part: str, number: float) -> None:
    """An infinite weight among them, that no padding meets."""
    arrays = arrays_of(7, 4, 3, 2)
    arrays[part][0, 1] = number
    blockwise, scattered = both(transposed(4, 2, 2), arrays, KernelLayout.TAPS_FIRST)
    np.testing.assert_array_equal(blockwise.run(), scattered.run())


@pytest.mark.parametrize(
    ("size", "taps", "stride", "channels", "filters", "dtype", "kind"),
    [
        (28, 4, 2, 128, 64, "f4", Blockwise),
        (28, 4, 2, 128, 64, "f8", Blockwise),
        (56, 3, 1, 64, 64, "f4", Blockwise),
        (28, 4, 2, 128, 64, "f2", Transposed),
        (28, 5, 2, 64, 64, "f4", Transposed),
        (28, 2, 2, 64, 64, "f4", Transposed),
        (14, 4, 2, 64, 64, "f4", Transposed),
        (28, 16, 1, 64, 64, "f4", Transposed),
        (56, 4, 2, 512, 256, "f4", Transposed),
        (40, 18, 9, 1, 1, "f4", Transposed),
    ],
)
def test_choice(
    size: int, taps: int, stride: int, channels: int, filters: int, dtype: str, kind: type
) -> None:
    """Where blocks are whole and overlap, are few beyond the inputs, and the workspace holds it."""
    arrays = arrays_of(size, taps, channels, filters, dtype)
    foretold = plan(transposed(taps, stride, filters), arrays, KernelLayout.TAPS_FIRST)
    assert type(foretold.job) is kind


@pytest.mark.parametrize(("size", "channels", "filters"), [(1, 2, 3), (4, 0, 3), (4, 2, 0)])
def test_nothing_is_made_of_nothing(size: int, channels: int, filters: int) -> None:
    """No place is left along an axis, or there are no channels to read, or none to make."""
    windows = (Window(2), Window(2))
    operation = TransposedConvolution(
        PLANE, windows, ("same",) * 2, "same", filters, output_paddings=(0, 0)
    )
    arrays = {
        "input": np.ones((1, 3, size, channels), np.float32),
        "kernel": np.ones((2, 2, filters, channels), np.float32),
    }
    blockwise, scattered = both(operation, arrays, KernelLayout.TAPS_FIRST)
    np.testing.assert_array_equal(blockwise.run(), scattered.run())


def test_dilation_is_left_to_adding() -> None:
    arrays = arrays_of(56, 3, 16, 16)
    foretold = plan(transposed(3, 1, 16, dilation=2), arrays, KernelLayout.TAPS_FIRST)
    assert type(foretold.job) is Transposed
