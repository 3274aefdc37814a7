"""Random layers of Keras and PyTorch with their arrays, and what naive loops make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.transposed import place_transposed
from shapewright.arithmetic.window import Placement, Window, place
from shapewright.numeric.dtypes import lowest
from tests.numeric import naive
from tests.numeric.arrays import BYTE_ORDERS, DTYPES, filled

TOLD = ("filters", "in_channels", "out_channels", "kernel_size")
"""What arrays tell, so that a layer need not."""


@dataclass(frozen=True)
class Case:
    """A layer with its arrays, and what comes of them with the channels at the end."""

    layer: dict[str, Any]
    arrays: dict[str, Any]
    expected: Any
    channels_last: bool = True
    counts_taps: bool = False


class Draw:
    """What all layers have, at random: sizes, windows and arrays of one type."""

    def __init__(self, draw: st.DrawFn, most_axes: int = 3) -> None:
        self.draw = draw
        self.rank = draw(st.integers(1, most_axes))
        self.sizes = self.several(1, 6)
        self.kernel, self.dilation = self.several(1, 3), self.several(1, 2)
        self.strides = self.several(1, 3)
        self.dtype = draw(st.sampled_from(BYTE_ORDERS)) + draw(st.sampled_from(DTYPES))

    def several(self, least: int, most: int) -> list[int]:
        """A number for each axis."""
        sizes = {"min_size": self.rank, "max_size": self.rank}
        return self.draw(st.lists(st.integers(least, most), **sizes))

    def one_of(self, *values: Any) -> Any:
        """One of the values."""
        return self.draw(st.sampled_from(values))

    def array(self, *shape: int) -> Any:
        """Numbers in either order of memory."""
        return filled(shape, self.dtype, self.draw(st.integers(0, 999)), self.one_of("C", "F"))

    def input(self, channels: int) -> Any:
        """An input with the channels at the end."""
        return self.array(self.draw(st.integers(1, 2)), *self.sizes, channels)

    def bias(self, channels: int) -> tuple[dict[str, Any], Any]:
        """A bias as an array to send, or none, which is nothing but zeros."""
        if self.one_of(True, False):
            bias = self.array(channels)
            return {"bias": bias}, bias
        return {}, np.zeros(channels, self.dtype)

    def placed(self, padding: Any, **options: Any) -> list[Placement]:
        """Plain windows on every axis; a case in which one does not fit is left."""
        windows = map(Window, self.kernel, self.strides, self.dilation)
        each = [padding] * self.rank if isinstance(padding, str) else padding
        return self._fitting(place, windows, each, **options)

    def spread(self, padding: Any, extra: list[int] | None) -> list[Placement]:
        """Transposed windows on every axis."""
        windows = map(Window, self.kernel, self.strides, self.dilation)
        each = [padding] * self.rank if isinstance(padding, str) else padding
        return self._fitting(place_transposed, windows, each, extra or [None] * self.rank)

    def _fitting(self, lay: Any, *given: Any, **options: Any) -> list[Placement]:
        try:
            return [lay(*each, **options) for each in zip(self.sizes, *given, strict=True)]
        except ShapeError:
            reject()

    def keras(self, name: str, channels_last: bool = True, **parameters: Any) -> dict[str, Any]:
        """A layer of Keras; it takes no dilation together with a stride."""
        form = "channels_last" if channels_last else "channels_first"
        spread = {"dilation_rate": self.dilation} if "padding" in parameters else {}
        window = {"kernel_size": self.kernel, "strides": self.strides, **spread}
        return self._without({"type": name, "data_format": form, **window, **parameters})

    def torch(self, name: str, **parameters: Any) -> dict[str, Any]:
        """A layer of PyTorch."""
        window = {"kernel_size": self.kernel, "stride": self.strides}
        return self._without({"framework": "torch", "type": name, **window, **parameters})

    def _without(self, layer: dict[str, Any]) -> dict[str, Any]:
        """The layer without some of what arrays tell, if there are arrays that do."""
        if "Pool" in layer["type"]:
            return layer
        left_out = self.draw(st.sets(st.sampled_from(TOLD)))
        return {name: value for name, value in layer.items() if name not in left_out}

    def either_stride_or_dilation(self) -> None:
        """As Keras wants it."""
        plain = self.one_of("strides", "dilation")
        setattr(self, plain, [1] * self.rank)


def first(array: Any) -> Any:
    """Channels from the end to the front."""
    return np.moveaxis(array, -1, 1)


def torch_kernel(kernel: Any) -> Any:
    """A kernel of (taps..., one, other) as PyTorch lays it out."""
    return np.moveaxis(kernel, (-1, -2), (0, 1))


@st.composite
def keras_convolutions(draw: st.DrawFn) -> Case:
    some = Draw(draw)
    some.either_stride_or_dilation()
    groups, read, made = (draw(st.integers(1, 3)) for _ in range(3))
    padding = some.one_of("valid", "same", *["causal"] * (some.rank == 1))
    data, kernel = some.input(groups * read), some.array(*some.kernel, read, groups * made)
    sent, bias = some.bias(groups * made)
    last = some.one_of(True, False)
    return Case(
        some.keras(
            f"Conv{some.rank}D", last, filters=groups * made, padding=padding, groups=groups
        ),
        {"input": data if last else first(data), "kernel": kernel, **sent},
        naive.convolution(data, kernel, bias, some.placed(padding), groups),
        last,
        counts_taps=True,
    )


@st.composite
def keras_depthwise_convolutions(draw: st.DrawFn) -> Case:
    some = Draw(draw, most_axes=2)
    some.strides, some.dilation = some.strides[:1] * some.rank, [1] * some.rank
    channels, made = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = some.one_of("valid", "same")
    data, kernel = some.input(channels), some.array(*some.kernel, channels, made)
    sent, bias = some.bias(channels * made)
    flat = kernel.reshape(*some.kernel, 1, channels * made)
    return Case(
        some.keras(f"DepthwiseConv{some.rank}D", depth_multiplier=made, padding=padding),
        {"input": data, "kernel": kernel, **sent},
        naive.convolution(data, flat, bias, some.placed(padding), channels),
        counts_taps=True,
    )


@st.composite
def keras_transposed_convolutions(draw: st.DrawFn) -> Case:
    some = Draw(draw)
    some.either_stride_or_dilation()
    read, made = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding = some.one_of("valid", "same")
    data, kernel = some.input(read), some.array(*some.kernel, made, read)
    sent, bias = some.bias(made)
    return Case(
        some.keras(f"Conv{some.rank}DTranspose", filters=made, padding=padding),
        {"input": data, "kernel": kernel, **sent},
        naive.transposed(data, kernel, bias, some.spread(padding, None)),
    )


@st.composite
def keras_pools(draw: st.DrawFn) -> Case:
    some = Draw(draw)
    some.dilation = [1] * some.rank
    padding, word = some.one_of("valid", "same"), some.one_of("Max", "Average")
    data, places = some.input(2), some.placed(padding)
    layer = {"pool_size": some.kernel, "strides": some.strides, "padding": padding}
    return Case(
        {"type": f"{word}Pooling{some.rank}D", **layer}, {"input": data}, pooled(word, data, places)
    )


@st.composite
def torch_convolutions(draw: st.DrawFn) -> Case:
    some = Draw(draw)
    groups, read, made = (draw(st.integers(1, 3)) for _ in range(3))
    fill = some.one_of("constant", "constant", "reflect", "replicate", "circular")
    most = min(some.sizes) - 1 if fill in ("reflect", "circular") else 3
    padding = some.several(0, max(most, 0))
    data, kernel = some.input(groups * read), some.array(*some.kernel, read, groups * made)
    sent, bias = some.bias(groups * made)
    places = some.placed([(side, side) for side in padding])
    return Case(
        some.torch(
            f"Conv{some.rank}d",
            in_channels=groups * read,
            out_channels=groups * made,
            padding=padding,
            dilation=some.dilation,
            groups=groups,
            padding_mode="zeros" if fill == "constant" else fill,
        ),
        {"input": first(data), "kernel": torch_kernel(kernel), **sent},
        naive.convolution(data, kernel, bias, places, groups, fill),
        channels_last=False,
        counts_taps=fill == "constant",
    )


@st.composite
def torch_transposed_convolutions(draw: st.DrawFn) -> Case:
    some = Draw(draw)
    groups, read, made = (draw(st.integers(1, 3)) for _ in range(3))
    padding = some.several(0, 2)
    extra = [draw(st.integers(0, stride - 1)) for stride in some.strides]
    data, kernel = some.input(groups * read), some.array(*some.kernel, made, groups * read)
    sent, bias = some.bias(groups * made)
    places = some.spread([(side, side) for side in padding], extra)
    return Case(
        some.torch(
            f"ConvTranspose{some.rank}d",
            in_channels=groups * read,
            out_channels=groups * made,
            padding=padding,
            output_padding=extra,
            dilation=some.dilation,
            groups=groups,
        ),
        {"input": first(data), "kernel": torch_kernel(kernel), **sent},
        naive.transposed(data, kernel, bias, places, groups),
        channels_last=False,
    )


@st.composite
def torch_pools(draw: st.DrawFn) -> Case:
    some = Draw(draw, most_axes=2)
    word, ceil = some.one_of("Max", "Avg"), some.one_of(True, False)
    padding = [draw(st.integers(0, kernel // 2)) for kernel in some.kernel]
    more = {"ceil_mode": ceil, "padding": padding}
    if word == "Max":
        more["dilation"] = some.dilation
    else:
        some.dilation = [1] * some.rank
        more["count_include_pad"] = some.one_of(True, False)
    data = some.input(2)
    places = some.placed([(side, side) for side in padding], ceil=ceil)
    return Case(
        some.torch(f"{word}Pool{some.rank}d", **more),
        {"input": first(data)},
        pooled(word, data, places, padding=more.get("count_include_pad", False)),
        channels_last=False,
    )


def pooled(word: str, data: Any, places: list[Placement], **options: Any) -> Any:
    if word == "Max":
        return naive.maximum(data, places, lowest(data.dtype))
    return naive.average(data, places, **options)


CASES = st.one_of(
    keras_convolutions(),
    keras_depthwise_convolutions(),
    keras_transposed_convolutions(),
    keras_pools(),
    torch_convolutions(),
    torch_transposed_convolutions(),
    torch_pools(),
)
