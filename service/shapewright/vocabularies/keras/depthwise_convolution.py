"""Keras's depthwise and separable convolutions, in one and two dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.window import Window
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.convolution import Convolution
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activated
from shapewright.vocabularies.keras.common import declare, layout
from shapewright.vocabularies.keras.window import (
    Ints,
    bias,
    output_parameters,
    taps_told,
    window_parameters,
    windows,
)
from shapewright.vocabularies.parameters import Integer, Parameter
from shapewright.vocabularies.told import Told


def depthwise(
    rank: int,
    kernel_size: Ints,
    strides: Ints,
    padding: str,
    depth_multiplier: int,
    data_format: str | None,
    dilation_rate: Ints,
    activation: str | None,
    use_bias: bool,
) -> Operation:
    """DepthwiseConv1D, DepthwiseConv2D."""
    place = layout(rank, data_format)
    operation = _per_channel(
        place,
        windows(kernel_size, strides, dilation_rate),
        padding,
        depth_multiplier,
        kernel="kernel",
        more=bias(Axis(place.channels, times=depth_multiplier), use_bias),
    )
    return activated(operation, activation)


def separable(
    rank: int,
    filters: int,
    kernel_size: Ints,
    strides: Ints,
    padding: str,
    data_format: str | None,
    dilation_rate: Ints,
    depth_multiplier: int,
    activation: str | None,
    use_bias: bool,
) -> Operation:
    """SeparableConv1D, SeparableConv2D: each channel by itself, then all channels mixed."""
    place = layout(rank, data_format)
    spread = _per_channel(
        place,
        windows(kernel_size, strides, dilation_rate),
        padding,
        depth_multiplier,
        kernel="depthwise_kernel",
    )
    points = (1,) * rank
    pointwise = WeightTemplate("pointwise_kernel", (*points, Axis(place.channels), filters))
    mix = Convolution(
        layout=place,
        windows=tuple(map(Window, points)),
        paddings=("same",) * rank,
        mode="same",
        filters=filters,
        weights=(pointwise, *bias(filters, use_bias)),
    )
    return activated(Sequence((spread, mix)), activation)


def _per_channel(
    place: Layout,
    windows: tuple[Window, ...],
    padding: str,
    depth_multiplier: int,
    kernel: str,
    more: tuple[WeightTemplate, ...] = (),
) -> Convolution:
    taps = (window.kernel for window in windows)
    shape: tuple[Part, ...] = (*taps, Axis(place.channels), depth_multiplier)
    return Convolution(
        layout=place,
        windows=windows,
        paddings=(padding,) * place.rank,
        mode=padding,
        filters=None,
        depth_multiplier=depth_multiplier,
        weights=(WeightTemplate(kernel, shape), *more),
    )


MULTIPLIER: dict[str, Parameter[Any]] = {
    "depth_multiplier": Integer(1, minimum=1, doc="channels made of each input channel")
}


def _depthwise(rank: int) -> LayerType:
    return declare(
        f"DepthwiseConv{rank}D",
        "A learned window for each channel by itself; channels are not mixed.",
        f"convolutional/depthwise_conv{rank}d.py",
        {**window_parameters(rank), **MULTIPLIER, **output_parameters("depthwise")},
        partial(depthwise, rank),
        told=taps_told(rank),
    )


def _separable(rank: int) -> LayerType:
    return declare(
        f"SeparableConv{rank}D",
        "A window for each channel by itself, then a single-tap one that mixes the channels.",
        f"convolutional/separable_conv{rank}d.py",
        {
            "filters": Integer(minimum=1, doc="output channels"),
            **window_parameters(rank),
            **MULTIPLIER,
            **output_parameters("depthwise", "pointwise"),
        },
        partial(separable, rank),
        told={
            "filters": Told("pointwise_kernel", -1, (rank + 2,)),
            **taps_told(rank, "depthwise_kernel"),
        },
    )


LAYERS = tuple(kind(rank) for rank in (1, 2) for kind in (_depthwise, _separable))
ALIASES = {f"SeparableConvolution{rank}D": f"SeparableConv{rank}D" for rank in (1, 2)}
