"""Minimal filtering agrees with the plain convolution that it stands for, and is chosen by cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import plan
from shapewright.numeric.filtered import Filtered
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.minimal import FILTERS
from shapewright.numeric.plain import Plain
from shapewright.numeric.plans import Plan
from shapewright.operations.convolution import Convolution
from shapewright.operations.spatial import Layout
from tests.numeric.test_convolutions import FILLS, SIDES, WINDOWS, WORDS, Scene, scenes

PLANE = Layout(2, channels_last=True)


def both(operation: Any, arrays: dict[str, Any], layout: KernelLayout) -> tuple[Plan, Plan]:
    """The plan by minimal filtering, whether or not it is worth it, and the plain one."""
    foretold = plan(operation, arrays, layout)
    job: Any = foretold.job
    plain = job.plain if isinstance(job, Filtered) else job
    assert isinstance(plain, Plain)
    filtered = Filtered(plain, FILTERS[plain.lines[0].taps])
    return replace(foretold, job=filtered), replace(foretold, job=plain)


def small(shape: tuple[int, ...], seed: int) -> Any:
    """Whole numbers in single precision, whose sums are exact."""
    return np.random.default_rng(seed).integers(-20, 21, shape).astype(np.float32)


@settings(deadline=None, max_examples=200)
@given(
    scenes(WORDS),
    FILLS,
    st.builds(Window, st.sampled_from(sorted(FILTERS))),
    st.lists(WINDOWS, min_size=2, max_size=2),
    st.lists(SIDES, min_size=3, max_size=3),
)
def test_whole_numbers_come_out_equal(
    scene: Scene, fill: Any, first: Window, rest: list[Window], sides: list[tuple[int, int]]
) -> None:
    """In every layout, with every padding and fill, and odd numbers of outputs."""
    rank = scene.layout.rank
    windows = (first, *rest)[:rank]
    paddings = scene.paddings if isinstance(scene.paddings[0], str) else tuple(sides[:rank])
    operation = Convolution(scene.layout, windows, paddings, "", 5, fill=fill)
    shape: Any = scene.layout.compose(scene.batch, scene.sizes, 2 + scene.read)
    taps = tuple(window.kernel for window in windows)
    kernel = small((*taps, shape[scene.layout.channels], 5), 1)
    if scene.kernels is KernelLayout.CHANNELS_FIRST:
        kernel = np.asarray(np.moveaxis(kernel, (-1, -2), (0, 1)), order="C")
    arrays = {"input": small(shape, scene.seed), "kernel": kernel, "bias": small((5,), 2)}
    try:
        filtered, plain = both(operation, arrays, scene.kernels)
    except ShapeError:
        reject()
    np.testing.assert_array_equal(filtered.run(), plain.run())


def convolution(taps: int, channels: int, filters: int, **options: Any) -> Convolution:
    windows = (Window(taps), Window(3))
    return Convolution(PLANE, windows, ("same",) * 2, "same", filters, **options)


def arrays_of(size: int, taps: int, channels: int, filters: int, dtype: str = "f4") -> Any:
    random = np.random.default_rng(0)
    return {
        "input": random.standard_normal((1, size, size, channels)).astype(dtype),
        "kernel": random.standard_normal((taps, 3, channels, filters)).astype(dtype),
        "bias": random.standard_normal(filters).astype(dtype),
    }


@pytest.mark.parametrize("taps", sorted(FILTERS))
@pytest.mark.parametrize(("size", "channels", "filters"), [(31, 64, 64), (14, 256, 256)])
def test_rounding_is_that_of_single_precision(
    taps: int, size: int, channels: int, filters: int
) -> None:
    """Far below the 1e-5 that are promised, as the plain convolution is."""
    arrays = arrays_of(size, taps, channels, filters)
    operation = convolution(taps, channels, filters)
    wide = {name: array.astype(np.float64) for name, array in arrays.items()}
    expected = plan(operation, wide, KernelLayout.TAPS_FIRST).run()
    for foretold in both(operation, arrays, KernelLayout.TAPS_FIRST):
        off = np.abs(foretold.run() - expected).max() / np.abs(expected).max()
        assert off <= 1e-6


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38])
def test_what_is_not_finite_is_as_the_plain_convolution_has_it(number: float) -> None:
    """Numbers that are none, and those that overflow in sums that the plain one does not make."""
    arrays = arrays_of(12, 3, 4, 4)
    arrays["input"][0, 4:6, 5, 1] = number
    filtered, plain = both(convolution(3, 4, 4), arrays, KernelLayout.TAPS_FIRST)
    np.testing.assert_array_equal(filtered.run(), plain.run())


def test_an_output_is_made_only_of_its_own_window() -> None:
    """A number that is huge beside others leaves those beyond its windows as they were."""
    arrays = arrays_of(12, 3, 4, 4)
    filtered, _ = both(convolution(3, 4, 4), arrays, KernelLayout.TAPS_FIRST)
    before = filtered.run()
    arrays["input"][0, 4, 5] = 1e30
    after = filtered.run()
    before[:, 3:6, 4:7] = after[:, 3:6, 4:7] = 0
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize(
    ("size", "taps", "channels", "filters", "dtype", "kind"),
    [
        (56, 3, 64, 64, "f4", Filtered),
        (56, 2, 64, 64, "f4", Filtered),
        (14, 3, 256, 256, "f4", Filtered),
        (56, 3, 64, 64, "f8", Plain),
        (56, 3, 64, 64, "f2", Plain),
        (56, 3, 64, 64, "i4", Plain),
        (56, 3, 3, 64, "f4", Plain),
        (56, 5, 64, 64, "f4", Plain),
        (7, 3, 256, 256, "f4", Plain),
        (56, 3, 512, 512, "f4", Plain),
    ],
)
def test_choice(size: int, taps: int, channels: int, filters: int, dtype: str, kind: type) -> None:
    """Where multiply-adds are most of the work, numbers are of single precision, and it fits."""
    arrays = arrays_of(size, taps, channels, filters, dtype)
    operation = convolution(taps, channels, filters)
    assert type(plan(operation, arrays, KernelLayout.TAPS_FIRST).job) is kind


def test_groups_strides_and_dilation_are_left_to_the_plain_convolution() -> None:
    arrays = arrays_of(30, 3, 64, 64)
    for window in (Window(3, stride=2), Window(3, dilation=2)):
        operation = Convolution(PLANE, (window, Window(3)), ("valid",) * 2, "valid", 64)
        assert type(plan(operation, arrays, KernelLayout.TAPS_FIRST).job) is Plain
    grouped = {**arrays, "kernel": arrays["kernel"][:, :, :32]}
    operation = convolution(3, 64, 64, groups=2)
    assert type(plan(operation, grouped, KernelLayout.TAPS_FIRST).job) is Plain
