"""Keras's convolutions: plain, depthwise, separable and transposed, in one to three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.convolution import Convolution
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activated, activation
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.parameters import (
    Choice,
    Flag,
    Integer,
    Parameter,
    PerAxis,
    ignored,
)

Ints = tuple[int, ...]


def _window_parameters(rank: int, *paddings: str) -> dict[str, Parameter[Any]]:
    return {
        "kernel_size": PerAxis(rank, doc="taps along each spatial axis"),
        "strides": PerAxis(rank, 1, doc="how far the window moves"),
        "padding": Choice(*paddings, default="valid", any_case=True, doc="what lies at the border"),
        "data_format": data_format(),
        "dilation_rate": PerAxis(rank, 1, doc="the distance between neighbouring taps"),
    }


def _tail_parameters(*kernels: str) -> dict[str, Parameter[Any]]:
    names = [f"{name}_{kind}" for name in (*kernels, "bias") for kind in KINDS]
    return {
        "activation": activation(),
        "use_bias": Flag(True, doc="add one number to each output channel"),
        **ignored(*names),
    }


KINDS = ("initializer", "regularizer", "constraint")


def _windows(kernel_size: Ints, strides: Ints, dilation_rate: Ints) -> tuple[Window, ...]:
    return tuple(map(Window, kernel_size, strides, dilation_rate))


def convolution(
    rank: int,
    filters: int,
    kernel_size: Ints,
    strides: Ints,
    padding: str,
    data_format: str | None,
    dilation_rate: Ints,
    groups: int,
    activation: str | None,
    use_bias: bool,
) -> Operation:
    """Conv1D, Conv2D, Conv3D."""
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ParameterError(
            f"Keras does not stride and dilate at once, "
            f"got strides {list(strides)} and dilation_rate {list(dilation_rate)}",
            "dilation_rate",
        )
    if filters % groups:
        raise ParameterError(f"{filters} filters do not divide into {groups} groups", "filters")
    place = layout(rank, data_format)
    kernel: tuple[Part, ...] = (*kernel_size, Axis(place.channels, per=groups), filters)
    weights = (WeightTemplate("kernel", kernel), WeightTemplate("bias", (filters,)))
    operation = Convolution(
        layout=place,
        windows=_windows(kernel_size, strides, dilation_rate),
        paddings=(padding,) * rank,
        mode=padding,
        filters=filters,
        groups=groups,
        weights=weights if use_bias else weights[:1],
    )
    return activated(operation, activation)


def _conv(rank: int) -> LayerType:
    paddings = ("valid", "same", "causal") if rank == 1 else ("valid", "same")
    return declare(
        f"Conv{rank}D",
        f"A learned window that slides over {rank} spatial axes and mixes all channels.",
        f"convolutional/conv{rank}d.py",
        {
            "filters": Integer(minimum=1, doc="output channels"),
            **_window_parameters(rank, *paddings),
            "groups": Integer(1, minimum=1, doc="channel groups that do not see each other"),
            **_tail_parameters("kernel"),
        },
        partial(convolution, rank),
        spelling={"in_channels": "groups"},
    )


LAYERS = tuple(_conv(rank) for rank in (1, 2, 3))
