"""The sampling grid: what taps are said to read is what they bring when they are run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import run
from shapewright.numeric.errors import ArrayTooLarge, CannotRun
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.sampling import MOST_TAPS, sampling_grid
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.pooling import GlobalPooling, Pooling
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import BatchOptional, Frozen

LINE = Layout(1, channels_last=False)
FILLS = ["constant", "reflect", "replicate", "circular"]
SIDES = st.tuples(st.integers(-2, 4), st.integers(-2, 4))


@st.composite
def convolutions(draw: st.DrawFn) -> Any:
    """A convolution of one channel along one axis: plain with any padding, or transposed."""
    window = Window(draw(st.integers(1, 5)), draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    padding = draw(SIDES | st.sampled_from(["valid", "same", "causal"]))
    if draw(st.booleans()):
        word = padding if padding != "causal" else "same"
        return TransposedConvolution(LINE, (window,), (word,), "", 1)
    return Convolution(LINE, (window,), (padding,), "", 1, fill=draw(st.sampled_from(FILLS)))


@settings(deadline=None, max_examples=300)
@given(convolutions(), st.integers(1, 9))
def test_every_tap_brings_what_it_is_said_to_read(operation: Any, size: int) -> None:
    """A kernel that is one at a single tap makes of 1, 2, 3 ... the number of what it reads."""
    try:
        (axis,) = sampling_grid(operation, (1, 1, size))
    except ShapeError:
        reject()
    taps = operation.windows[0].kernel
    ramp = np.arange(1, size + 1).reshape(1, 1, size)
    assert axis.axis == 2
    for tap in range(taps):
        kernel = np.zeros((1, 1, taps), int)
        kernel[0, 0, tap] = 1
        made = run(operation, {"input": ramp, "kernel": kernel}, KernelLayout.CHANNELS_FIRST)[0, 0]
        for sample in axis.windows:
            assert (sample.reads[tap] or 0) == max(made[sample.output] - 1, 0)
            assert (sample.reads[tap] is None) == (made[sample.output] == 0)


@pytest.mark.parametrize(
    ("size", "outputs"), [(1, (0,)), (2, (0, 1)), (3, (0, 1, 2)), (9, (0, 4, 8))]
)
def test_the_first_a_middle_and_the_last(size: int, outputs: tuple[int, ...]) -> None:
    operation = Pooling(LINE, (Window(1),), ("valid",), "valid", "max")
    (axis,) = sampling_grid(operation, (1, 1, size))
    assert tuple(sample.output for sample in axis.windows) == outputs


def test_an_empty_axis_has_no_outputs() -> None:
    operation = Convolution(Layout(1, channels_last=True), (Window(3),), ("same",), "same", 1)
    (axis,) = sampling_grid(operation, (1, 0, 1))
    assert axis.windows == ()


def test_wrappers_keep_what_the_padding_is_made_of() -> None:
    inner = Convolution(LINE, (Window(3),), ((1, 1),), "explicit", 1, fill="circular")
    (axis,) = sampling_grid(Frozen(BatchOptional(inner, 3, "")), (1, 5))
    assert axis.axis == 1
    assert axis.windows[0].reads == (4, 0, 1)


def test_no_window() -> None:
    with pytest.raises(CannotRun, match="no window"):
        sampling_grid(GlobalPooling(LINE, False, "max"), (1, 2, 4))


def test_too_many_taps() -> None:
    operation = Pooling(LINE, (Window(MOST_TAPS + 1),), ("same",), "same", "max")
    with pytest.raises(ArrayTooLarge, match="taps along an axis: 4097 needed, at most 4096"):
        sampling_grid(operation, (1, 1, 4))
