"""Convolutions of all kinds on random small arrays, against naive loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Padding, Window, place
from shapewright.numeric.convolve import plan, run
from shapewright.numeric.kernels import KernelLayout
from shapewright.operations.base import Operation, WindowReport
from shapewright.operations.convolution import Convolution, TransposedConvolution
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import Sequence
from tests.numeric import naive
from tests.numeric.arrays import assert_near, filled, kinds

WINDOWS = st.builds(Window, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
SIZES = st.integers(1, 7)
SIDES = st.tuples(st.integers(0, 3), st.integers(0, 3))
WORDS = st.sampled_from(["valid", "same", "same_lower", "causal"])
FILLS = st.sampled_from(["constant", "constant", "reflect", "replicate", "circular"])


@dataclass(frozen=True)
class Scene:
    """What every kind of convolution has: a layout, some windows, and arrays to come."""

    layout: Layout
    kernels: KernelLayout
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]
    batch: int
    sizes: tuple[int, ...]
    groups: int
    read: int
    made: int
    dtypes: list[str]
    orders: list[str]
    has_bias: bool
    seed: int

    @property
    def taps(self) -> tuple[int, ...]:
        return tuple(window.kernel for window in self.windows)

    def array(self, place: int, shape: tuple[int, ...]) -> Any:
        """The input (0), a kernel (1) or the bias (2)."""
        return filled(shape, self.dtypes[place], self.seed + place, self.orders[place])

    def input(self, channels: int) -> Any:
        """The input in the layout."""
        shape: Any = self.layout.compose(self.batch, self.sizes, channels)
        return self.array(0, shape)

    def bias(self, channels: int) -> Any:
        """A bias, or zeros that change nothing."""
        shape = (channels,)
        return self.array(2, shape) if self.has_bias else np.zeros(shape, self.dtypes[0])

    def kernel(self, shape: tuple[int, ...]) -> tuple[Any, Any]:
        """A kernel in its layout, and as the oracle takes it: (taps..., mixed, split)."""
        taps, mixed, split = shape[:-2], shape[-2], shape[-1]
        if self.kernels is KernelLayout.CHANNELS_FIRST:
            array = self.array(1, (split, mixed, *taps))
            return array, np.moveaxis(array, (1, 0), (-2, -1))
        array = self.array(1, shape)
        return array, array

    def depthwise_kernel(self) -> tuple[Any, Any]:
        """One for as many channels as groups, in its layout and as the oracle takes it."""
        if self.kernels is KernelLayout.CHANNELS_FIRST:
            return self.kernel((*self.taps, 1, self.groups * self.made))
        array = self.array(1, (*self.taps, self.groups, self.made))
        return array, array.reshape(*self.taps, 1, -1)


def last(array: Any, layout: Layout) -> Any:
    """The array with its channels at the end."""
    return array if layout.channels_last else np.moveaxis(array, 1, -1)


@st.composite
def scenes(draw: st.DrawFn, paddings: st.SearchStrategy[Padding]) -> Scene:
    """Everything at random."""
    rank = draw(st.integers(1, 3))
    several = {"min_size": rank, "max_size": rank}
    word = draw(st.booleans())
    return Scene(
        layout=Layout(rank, draw(st.booleans())),
        kernels=draw(st.sampled_from(KernelLayout)),
        windows=tuple(draw(st.lists(WINDOWS, **several))),
        paddings=(draw(paddings),) * rank if word else tuple(draw(st.lists(SIDES, **several))),
        batch=draw(st.integers(0, 3)),
        sizes=tuple(draw(st.lists(SIZES, **several))),
        groups=draw(st.integers(1, 3)),
        read=draw(st.integers(1, 3)),
        made=draw(st.integers(1, 3)),
        dtypes=draw(kinds()),
        orders=draw(st.lists(st.sampled_from("CF"), min_size=3, max_size=3)),
        has_bias=draw(st.booleans()),
        seed=draw(st.integers(0, 1000)),
    )


def window_of(operation: Operation, data: Any) -> WindowReport:
    """Where the operation's windows lie on this input; a case that does not fit is left."""
    try:
        outcome = operation.infer((data.shape,))
    except ShapeError:
        reject()
    assert outcome.window is not None
    return outcome.window


def check(operation: Operation, scene: Scene, arrays: dict[str, Any], expected: Any) -> None:
    """The result is the expected one, and of the shape and type that were foretold."""
    if not scene.has_bias:
        del arrays["bias"]
    foretold = plan(operation, arrays, scene.kernels)
    result = run(operation, arrays, scene.kernels)
    assert result.shape == foretold.shape == operation.infer((arrays["input"].shape,)).outputs[0]
    assert result.dtype == foretold.dtype == np.result_type(*arrays.values())
    assert_near(last(result, scene.layout), expected, terms(arrays.values()))


def terms(arrays: Any) -> float:
    """About the largest sum that can come of these arrays."""
    size = 1.0
    for array in arrays:
        size *= 1 + float(np.abs(array.astype(complex)).max(initial=0)) * max(array.size, 1) ** 0.5
    return size


@settings(deadline=None, max_examples=150)
@given(scenes(WORDS), FILLS)
def test_convolution(scene: Scene, fill: Any) -> None:
    """Plain and grouped, with every padding and every fill."""
    operation = Convolution(
        scene.layout,
        scene.windows,
        scene.paddings,
        "",
        scene.groups * scene.made,
        scene.groups,
        fill=fill,
    )
    data = scene.input(scene.groups * scene.read)
    window = window_of(operation, data)
    array, kernel = scene.kernel((*scene.taps, scene.read, scene.groups * scene.made))
    bias = scene.bias(scene.groups * scene.made)
    expected = naive.convolution(
        last(data, scene.layout), kernel, bias, window.placements, scene.groups, fill
    )
    check(operation, scene, {"input": data, "kernel": array, "bias": bias}, expected)


@settings(deadline=None, max_examples=100)
@given(scenes(WORDS), FILLS)
def test_depthwise_convolution(scene: Scene, fill: Any) -> None:
    """Each channel by itself; a kernel with the taps first has the channels where others mix."""
    channels, made = scene.groups, scene.made
    operation = Convolution(
        scene.layout, scene.windows, scene.paddings, "", None, depth_multiplier=made, fill=fill
    )
    data = scene.input(channels)
    window = window_of(operation, data)
    array, kernel = scene.depthwise_kernel()
    bias = scene.bias(channels * made)
    expected = naive.convolution(
        last(data, scene.layout), kernel, bias, window.placements, channels, fill
    )
    check(operation, scene, {"input": data, "kernel": array, "bias": bias}, expected)


@settings(deadline=None, max_examples=100)
@given(scenes(WORDS))
def test_separable_convolution(scene: Scene) -> None:
    """A depthwise convolution, and then one at each place."""
    channels, between, filters = scene.groups, scene.groups * scene.made, scene.read
    points = (1,) * scene.layout.rank
    spread = Convolution(
        scene.layout, scene.windows, scene.paddings, "", None, depth_multiplier=scene.made
    )
    mix = Convolution(
        scene.layout, tuple(map(Window, points)), ("same",) * len(points), "same", filters
    )
    data = scene.input(channels)
    window = window_of(spread, data)
    array, kernel = scene.depthwise_kernel()
    mixing = scene.kernel((*points, between, filters))
    bias = scene.bias(filters)
    nothing = np.zeros(between, np.result_type(data, array, mixing[0], bias))
    result = naive.convolution(
        last(data, scene.layout), kernel, nothing, window.placements, channels
    )
    places = tuple(place(size, Window(1), "same") for size in result.shape[1:-1])
    expected = naive.convolution(result, mixing[1], bias, places)
    arrays = {
        "input": data,
        "depthwise_kernel": array,
        "pointwise_kernel": mixing[0],
        "bias": bias,
    }
    check(Sequence((spread, mix)), scene, arrays, expected)


@settings(deadline=None, max_examples=150)
@given(scenes(st.sampled_from(["valid", "same"])), st.data())
def test_transposed_convolution(scene: Scene, data: st.DataObject) -> None:
    """With what the padding cuts, and what stays at the end or is asked for all the same."""
    rank = scene.layout.rank
    several = st.lists(st.integers(0, 2), min_size=rank, max_size=rank).map(tuple)
    operation = TransposedConvolution(
        scene.layout,
        scene.windows,
        scene.paddings,
        "",
        scene.groups * scene.made,
        scene.groups,
        output_paddings=data.draw(st.none() | several),
    )
    source = scene.input(scene.groups * scene.read)
    window = window_of(operation, source)
    array, kernel = scene.kernel((*scene.taps, scene.made, scene.groups * scene.read))
    bias = scene.bias(scene.groups * scene.made)
    expected = naive.transposed(
        last(source, scene.layout), kernel, bias, window.placements, scene.groups
    )
    check(operation, scene, {"input": source, "kernel": array, "bias": bias}, expected)
