"""What is run and what is refused, and numbers that are none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Window
from shapewright.numeric.convolve import plan, run
from shapewright.numeric.errors import ArrayMismatch, CannotRun
from shapewright.numeric.kernels import KernelLayout
from shapewright.operations.base import Operation
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.dense import Dense
from shapewright.operations.identity import Elementwise
from shapewright.operations.pooling import Pooling
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import BatchOptional, Frozen, Named, Sequence

LINE, PLANE = Layout(1, channels_last=True), Layout(2, channels_last=True)
THREE = (Window(3),)
FIRST, LAST = KernelLayout.TAPS_FIRST, KernelLayout.CHANNELS_FIRST

CONVOLUTION = Convolution(LINE, THREE, ("same",), "same", 2)
TRANSPOSED = TransposedConvolution(LINE, THREE, ("same",), "same", 2)
DEPTHWISE = Convolution(LINE, THREE, ("same",), "same", None, depth_multiplier=2)
SEPARABLE = Sequence((DEPTHWISE, Convolution(LINE, (Window(1),), ("same",), "same", 4)))
POOL = Pooling(LINE, THREE, ("same",), "same", "max")


def ones(*shape: int) -> Any:
    return np.ones(shape, np.float32)


INPUT = ones(1, 5, 3)
ARRAYS = {"input": INPUT, "kernel": ones(3, 3, 2)}


@pytest.mark.parametrize(
    ("operation", "layout", "arrays", "message", "part"),
    [
        (BatchOptional(POOL, 3, ""), FIRST, {}, "needs an input", "input"),
        (CONVOLUTION, FIRST, {}, "needs input, kernel, got no input", "input"),
        (POOL, FIRST, {}, "needs input, got no input", "input"),
        (CONVOLUTION, FIRST, {"input": INPUT}, "needs input, kernel, got no kernel", "kernel"),
        (POOL, FIRST, ARRAYS, "takes input, got also kernel", "kernel"),
        (POOL, FIRST, {"input": INPUT, "bias": ones(3)}, "takes input, got also bias", "bias"),
        (CONVOLUTION, FIRST, {**ARRAYS, "weight": INPUT}, "got also weight", "weight"),
        (CONVOLUTION, FIRST, {**ARRAYS, "bias": ones(3)}, r"shape \(2,\), got \(3,\)", "bias"),
        (CONVOLUTION, FIRST, {**ARRAYS, "bias": ones(2, 1)}, r"\(2,\), got \(2, 1\)", "bias"),
        (CONVOLUTION, LAST, ARRAYS, r"shape \(2, 3, 3\), got \(3, 3, 2\)", "kernel"),
        (CONVOLUTION, FIRST, {**ARRAYS, "kernel": ones(3, 2)}, r"\(3, 3, 2\), got", "kernel"),
        (TRANSPOSED, FIRST, ARRAYS, r"shape \(3, 2, 3\), got \(3, 3, 2\)", "kernel"),
        (TRANSPOSED, LAST, ARRAYS, r"shape \(3, 2, 3\), got \(3, 3, 2\)", "kernel"),
        (DEPTHWISE, FIRST, {**ARRAYS, "kernel": ones(3, 1, 6)}, r"\(3, 3, 2\), got", "kernel"),
        (DEPTHWISE, LAST, ARRAYS, r"shape \(6, 1, 3\), got \(3, 3, 2\)", "kernel"),
        (SEPARABLE, FIRST, ARRAYS, "got no depthwise_kernel", "depthwise_kernel"),
        (
            SEPARABLE,
            FIRST,
            {"input": INPUT, "depthwise_kernel": ones(3, 3, 2), "pointwise_kernel": ones(3, 4)},
            r"pointwise_kernel of shape \(1, 6, 4\), got \(3, 4\)",
            "pointwise_kernel",
        ),
        (CONVOLUTION, FIRST, {**ARRAYS, "kernel": np.ones((3, 3, 2), bool)}, "numbers", "kernel"),
        (POOL, FIRST, {"input": np.full((1, 5, 3), None)}, "numbers, got object", "input"),
    ],
)
def test_arrays_that_do_not_fit(
    operation: Operation, layout: KernelLayout, arrays: Any, message: str, part: str
) -> None:
    """Each with both shapes, and the part."""
    with pytest.raises(ArrayMismatch, match=message) as caught:
        plan(operation, arrays, layout)
    assert caught.value.part == caught.value.parameter == part


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Dense(4), "not a Dense"),
        (Sequence((CONVOLUTION, Elementwise())), "not what follows them"),
        (Sequence((SEPARABLE, Elementwise())), "not what follows them"),
        (Pooling(LINE, THREE, ("same",), "same", "lp"), "not lp"),
    ],
)
def test_operations_that_are_not_run(operation: Operation, message: str) -> None:
    with pytest.raises(CannotRun, match=message):
        plan(operation, {"input": INPUT}, FIRST)


def test_shapes_that_do_not_fit() -> None:
    """As the operation itself refuses them."""
    with pytest.raises(ShapeError, match="needs 3 axes"):
        plan(CONVOLUTION, {**ARRAYS, "input": ones(5, 3)}, FIRST)


def test_what_changes_no_number_is_looked_through() -> None:
    expected = run(CONVOLUTION, ARRAYS, FIRST)
    for operation in (Frozen(CONVOLUTION), Named("inner", CONVOLUTION)):
        np.testing.assert_array_equal(run(operation, ARRAYS, FIRST), expected)


def test_a_single_sample_needs_no_batch_axis() -> None:
    operation = BatchOptional(CONVOLUTION, 3, LINE.axes)
    expected = run(CONVOLUTION, ARRAYS, FIRST)
    np.testing.assert_array_equal(run(operation, ARRAYS, FIRST), expected)
    single = {**ARRAYS, "input": INPUT[0]}
    result = run(operation, single, FIRST)
    assert result.shape == plan(operation, single, FIRST).shape == (5, 2)
    np.testing.assert_array_equal(result, expected[0])
    with pytest.raises(ShapeError, match="only the batch may be empty"):
        run(operation, {**ARRAYS, "input": ones(0, 3)}, FIRST)


@pytest.mark.parametrize("operation", [CONVOLUTION, TRANSPOSED, DEPTHWISE, POOL])
def test_numbers_that_are_none_spread_as_far_as_their_windows(operation: Operation) -> None:
    """No further: everything else is as it would be without them."""
    data = ones(2, 9, 2)
    kernel = {} if operation is POOL else {"kernel": ones(3, 2, 2)}
    expected = run(operation, {"input": data, **kernel}, FIRST)
    for number in (np.nan, np.inf, -np.inf):
        data[0, 4, 1] = number
        result = run(operation, {"input": data, **kernel}, FIRST)
        touched = result != expected
        assert touched[0, 3:6].any() or number == -np.inf
        touched[0, 3:6] = False
        assert not touched.any()


@pytest.mark.parametrize("dilation", [1, 9])
@pytest.mark.parametrize("filters", [None, 1])
def test_infinite_weights_meet_the_zeros_of_the_padding(filters: int | None, dilation: int) -> None:
    """Their product is no number, whichever way it is made."""
    window = Window(3, dilation=dilation)
    operation = Convolution(LINE, (window,), ("same",), "same", filters)
    kernel = np.array([np.inf, 1, 1], np.float32).reshape(3, 1, 1)
    result = run(operation, {"input": ones(1, 12, 1), "kernel": kernel}, FIRST)
    assert np.isnan(result[0, :dilation]).all()
    assert np.isinf(result[0, dilation:]).all()


def test_half_precision_is_added_up_in_single() -> None:
    """2048 + 1 is 2048 in half precision, so adding up in it would stop there."""
    many = 4096
    arrays = {
        "input": np.ones((1, 1, many), np.float16),
        "kernel": np.ones((1, many, 1), np.float16),
    }
    operation = Convolution(LINE, (Window(1),), ("valid",), "valid", 1)
    assert run(operation, arrays, FIRST).item() == many
    turned = {"input": arrays["input"], "kernel": arrays["kernel"].reshape(1, 1, many)}
    back = TransposedConvolution(LINE, (Window(1),), ("valid",), "valid", 1)
    assert run(back, turned, FIRST).item() == many
    rows = {"input": np.ones((1, many, 1), np.float16)}
    whole = Pooling(LINE, (Window(many),), ("valid",), "valid", "average", divisor=2)
    assert run(whole, rows, FIRST).item() == many / 2


def test_integers_wrap_as_they_do_in_numpy() -> None:
    arrays = {"input": np.full((1, 1, 2), 100, np.int8), "kernel": np.full((1, 2, 1), 3, np.int8)}
    operation = Convolution(LINE, (Window(1),), ("valid",), "valid", 1)
    assert run(operation, arrays, FIRST).item() == np.int64(600).astype(np.int8)


def test_threads_do_not_share_their_buffers() -> None:
    """Each has a workspace of its own."""
    data = np.random.default_rng(0).random((8, 40, 40, 16), np.float32)
    kernel = np.random.default_rng(1).random((3, 3, 16, 16), np.float32)
    operation = Convolution(PLANE, (Window(3), Window(3)), ("same",) * 2, "same", 16)
    calls = [{"input": data[index : index + 1], "kernel": kernel} for index in range(8)]
    expected = [run(operation, arrays, FIRST) for arrays in calls]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            results = pool.map(lambda arrays: run(operation, arrays, FIRST), calls)
            for one, other in zip(results, expected, strict=True):
                np.testing.assert_array_equal(one, other)


def test_inputs_that_cannot_be_written_to_are_left_alone() -> None:
    arrays = {name: array.copy() for name, array in ARRAYS.items()}
    for array in arrays.values():
        array.flags.writeable = False
    np.testing.assert_array_equal(run(CONVOLUTION, arrays, FIRST), run(CONVOLUTION, ARRAYS, FIRST))


def test_padding_far_beyond_the_data() -> None:
    """Windows that see nothing at all make zeros, the least number, or no average."""
    sides = ((40, 40),)
    data = {"input": ones(1, 2, 1)}
    kernel = {"kernel": ones(3, 1, 1)}
    plain = run(Convolution(LINE, THREE, sides, "", 1), {**data, **kernel}, FIRST)
    assert plain.shape == (1, 80, 1)
    assert plain.sum() == 6
    assert run(Pooling(LINE, THREE, sides, "", "max"), data, FIRST)[0, 0, 0] == -np.inf
    assert np.isnan(run(Pooling(LINE, THREE, sides, "", "average"), data, FIRST)[0, 0, 0])
