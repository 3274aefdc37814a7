"""What a run takes and does is foretold, and stays within the workspace whatever the sizes."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import plan
from shapewright.numeric.errors import ArrayTooLarge
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.plans import Limits
from shapewright.numeric.workspace import KEPT, WORKSPACE, buffers
from shapewright.operations.base import Operation
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.pooling import AdaptivePooling, GlobalPooling, Pooling
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import Sequence

SLACK = WORKSPACE - KEPT
"""Bytes for Python's own objects, and for small arrays in between."""

LINE, PLANE, ACROSS = Layout(1, True), Layout(2, True), Layout(2, False)


def convolution(
    layout: Layout, filters: int | None, *windows: Window, padding: str = "same", groups: int = 1
) -> Convolution:
    return Convolution(layout, windows, (padding,) * len(windows), padding, filters, groups)


def transposed(layout: Layout, filters: int, *windows: Window) -> TransposedConvolution:
    return TransposedConvolution(layout, windows, ("same",) * len(windows), "same", filters)


def pooling(layout: Layout, reducer: Any, *windows: Window) -> Pooling:
    return Pooling(layout, windows, ("same",) * len(windows), "same", reducer)


THREE, FAR, POINT = Window(3), Window(3, dilation=700), Window(1)

CASES: dict[str, tuple[Operation, tuple[int, ...], tuple[int, ...], str]] = {
    "dense": (convolution(PLANE, 64, THREE, THREE), (1, 90, 90, 64), (3, 3, 64, 64), "f4"),
    "dense, 2x2": (
        convolution(PLANE, 64, Window(2), Window(2)),
        (3, 90, 90, 64),
        (2, 2, 64, 64),
        "f4",
    ),
    "dense, across": (convolution(ACROSS, 64, THREE, THREE), (2, 64, 90, 90), (3, 3, 64, 64), "f4"),
    "dense, large kernel": (
        convolution(PLANE, 256, THREE, THREE),
        (1, 30, 30, 256),
        (3, 3, 256, 256),
        "f4",
    ),
    "half precision": (convolution(PLANE, 64, THREE, THREE), (1, 90, 90, 64), (3, 3, 64, 64), "f2"),
    "other byte order": (
        convolution(PLANE, 64, THREE, THREE),
        (1, 90, 90, 64),
        (3, 3, 64, 64),
        ">f4",
    ),
    "complex": (convolution(PLANE, 32, THREE, THREE), (2, 60, 60, 32), (3, 3, 32, 32), "c16"),
    "many channels": (convolution(LINE, 1, THREE), (1, 2, 600_000), (3, 600_000, 1), "f4"),
    "many channels, half": (convolution(LINE, 1, THREE), (1, 2, 600_000), (3, 600_000, 1), "f2"),
    "many filters": (convolution(LINE, 600_000, POINT), (1, 2, 3), (1, 3, 600_000), "f2"),
    "many taps": (convolution(LINE, 1, Window(50_000)), (1, 9_000, 1), (50_000, 1, 1), "f4"),
    "far taps": (convolution(PLANE, 8, FAR, FAR), (1, 200, 200, 8), (3, 3, 8, 8), "f4"),
    "many samples": (convolution(ACROSS, 2, THREE, THREE), (9_000, 2, 4, 4), (3, 3, 2, 2), "f4"),
    "many groups": (
        convolution(LINE, 400_000, POINT, groups=200_000),
        (1, 2, 400_000),
        (1, 2, 400_000),
        "f4",
    ),
    "depthwise": (convolution(PLANE, None, THREE, THREE), (1, 112, 112, 96), (3, 3, 96, 1), "f4"),
    "depthwise, half": (
        convolution(PLANE, None, THREE, THREE),
        (1, 112, 112, 96),
        (3, 3, 96, 1),
        "f2",
    ),
    "depthwise, far taps": (
        convolution(PLANE, None, FAR, FAR),
        (1, 400, 400, 8),
        (3, 3, 8, 1),
        "f4",
    ),
    "depthwise, many channels": (
        convolution(LINE, None, THREE),
        (1, 2, 900_000),
        (3, 900_000, 1),
        "f4",
    ),
    "depthwise, many taps": (
        convolution(LINE, None, Window(9_000)),
        (1, 5_000, 1),
        (9_000, 1, 1),
        "f4",
    ),
    "transposed": (
        transposed(PLANE, 64, Window(4, 2), Window(4, 2)),
        (1, 40, 40, 64),
        (4, 4, 64, 64),
        "f4",
    ),
    "transposed, large kernel": (
        transposed(PLANE, 64, Window(4, 2), Window(4, 2)),
        (1, 60, 60, 512),
        (4, 4, 64, 512),
        "f4",
    ),
    "transposed, three taps": (
        transposed(PLANE, 128, THREE, THREE),
        (2, 60, 60, 128),
        (3, 3, 128, 128),
        "f4",
    ),
    "transposed, half": (
        transposed(PLANE, 64, Window(4, 2), Window(4, 2)),
        (1, 40, 40, 64),
        (4, 4, 64, 64),
        "f2",
    ),
    "transposed, many taps": (
        transposed(LINE, 1, Window(40_000)),
        (1, 3_000, 1),
        (40_000, 1, 1),
        "f4",
    ),
    "transposed, many channels": (
        transposed(LINE, 2, THREE),
        (1, 2, 900_000),
        (3, 2, 900_000),
        "f2",
    ),
    "average": (pooling(PLANE, "average", THREE, THREE), (1, 300, 300, 32), (), "f2"),
    "average, many taps": (pooling(LINE, "average", Window(4_000)), (1, 4_000, 5), (), "i4"),
    "maximum, many channels": (pooling(LINE, "max", THREE), (1, 2, 2_000_000), (), "f4"),
    "global": (GlobalPooling(PLANE, False, "average"), (1, 1_000, 1_000, 3), (), "f2"),
    "adaptive": (AdaptivePooling(PLANE, (50, 70), "average"), (1, 99, 98, 64), (), "i2"),
}


def peak_of(run: Any) -> tuple[Any, int]:
    """What it returns, and the most bytes that were there at once beyond those before."""
    tracemalloc.start()
    try:
        result = run()
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def arrays_of(shape: tuple[int, ...], kernel: tuple[int, ...], dtype: str) -> dict[str, Any]:
    arrays = {"input": np.ones(shape, dtype)}
    return {**arrays, "kernel": np.ones(kernel, dtype)} if kernel else arrays


@pytest.mark.parametrize("filled", [1, np.nan])
@pytest.mark.parametrize("name", CASES)
def test_a_run_takes_no_more_than_foretold(name: str, filled: float) -> None:
    """Beside the output only what the thread's workspace has for it already.

    That holds too where a fast way makes no numbers, and the plain one is taken after it.
    """
    operation, *description = CASES[name]
    arrays = arrays_of(*description)  # type: ignore[arg-type]
    if arrays["input"].dtype.kind != "i":
        arrays["input"][...] = filled
    layout = KernelLayout.TAPS_FIRST
    foretold, planning = peak_of(lambda: plan(operation, arrays, layout))
    assert planning < 1 << 16
    assert foretold.workspace_bytes <= WORKSPACE
    with buffers(np.dtype(np.uint8), 1):
        result, peak = peak_of(foretold.run)
    assert result.nbytes == foretold.output_bytes
    assert peak <= foretold.output_bytes + SLACK


def test_separable_keeps_nothing_in_between() -> None:
    """The results of the first convolution are more than the workspace, but never there at once."""
    spread = Convolution(PLANE, (THREE, THREE), ("same",) * 2, "same", None, depth_multiplier=8)
    operation = Sequence((spread, convolution(PLANE, 4, POINT, POINT)))
    arrays = {
        "input": np.ones((1, 256, 256, 16), np.float32),
        "depthwise_kernel": np.ones((3, 3, 16, 8), np.float32),
        "pointwise_kernel": np.ones((1, 1, 128, 4), np.float32),
    }
    between = 256 * 256 * 128 * 4
    foretold = plan(operation, arrays, KernelLayout.TAPS_FIRST)
    with buffers(np.dtype(np.uint8), 1):
        _, peak = peak_of(foretold.run)
    assert peak <= foretold.output_bytes + SLACK
    assert foretold.workspace_bytes <= WORKSPACE < between // 3


def test_costs() -> None:
    """Multiply-adds of the whole batch; a pool's comparisons and additions."""
    arrays = arrays_of((2, 10, 10, 3), (3, 3, 3, 4), "f4")
    conv = plan(convolution(PLANE, 4, THREE, THREE), arrays, KernelLayout.TAPS_FIRST)
    assert conv.multiply_adds == 2 * 100 * 9 * 3 * 4
    assert conv.output_elements == 2 * 100 * 4
    assert conv.output_bytes == 4 * conv.output_elements
    pooled = plan(
        pooling(PLANE, "max", Window(2, 2), Window(2, 2)), arrays_of((2, 10, 10, 3), (), "f4"),
        KernelLayout.TAPS_FIRST,
    )  # fmt: skip
    assert pooled.multiply_adds == 2 * 25 * 4 * 3


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(3199, 10**9), "bytes of output: 3200 needed, at most 3199 allowed"),
        (Limits(10**9, 21599), "multiply-adds: 21600 needed, at most 21599 allowed"),
    ],
)
def test_limits(limits: Limits, message: str) -> None:
    """A run beyond a limit is refused before it begins; at the limit it is not."""
    arrays = arrays_of((2, 10, 10, 3), (3, 3, 3, 4), "f4")
    foretold = plan(convolution(PLANE, 4, THREE, THREE), arrays, KernelLayout.TAPS_FIRST)
    foretold.check(Limits(3200, 21600))
    with pytest.raises(ArrayTooLarge, match=message):
        foretold.check(limits)


def test_an_empty_output_is_limited_too() -> None:
    """Its other axes could be as long as nothing can be."""
    arrays = arrays_of((1, 0, 3, 1), (1, 1, 1, 1), "f4")
    far = transposed(PLANE, 1, Window(1, 10**9), Window(1, 10**9))
    foretold = plan(far, arrays, KernelLayout.TAPS_FIRST)
    assert foretold.output_bytes == 0
    with pytest.raises(ArrayTooLarge, match="bytes of output: 12000000000 needed"):
        foretold.check(Limits(10**9, 10**9))
