"""Keras's plain convolutions, in one to three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.convolution import Convolution
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activated
from shapewright.vocabularies.keras.common import declare, layout
from shapewright.vocabularies.keras.window import (
    Ints,
    bias,
    check_dilation,
    output_parameters,
    window_parameters,
    windows,
)
from shapewright.vocabularies.parameters import Anything, Integer, ignored


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
    kernel_constraint: Any,
    lora_rank: int | None,
) -> Operation:
    """Conv1D, Conv2D, Conv3D."""
    check_dilation(strides, dilation_rate)
    if filters % groups:
        raise ParameterError(f"{filters} filters do not divide into {groups} groups", "filters")
    if lora_rank and kernel_constraint:
        raise ParameterError("a kernel with a constraint takes no lora_rank", "lora_rank")
    place = layout(rank, data_format)
    kernel: tuple[Part, ...] = (*kernel_size, Axis(place.channels, per=groups), filters)
    operation = Convolution(
        layout=place,
        windows=windows(kernel_size, strides, dilation_rate),
        paddings=(padding,) * rank,
        mode=padding,
        filters=filters,
        groups=groups,
        weights=(*adaptable(kernel, lora_rank), *bias(filters, use_bias)),
    )
    return activated(operation, activation)


def adaptable(kernel: tuple[Part, ...], lora_rank: int | None) -> tuple[WeightTemplate, ...]:
    """The kernel; with a rank it is frozen, and two thin matrices beside it train instead.

    Source: Hu et al., arXiv 2106.09685.
    """
    if not lora_rank:
        return (WeightTemplate("kernel", kernel),)
    return (
        WeightTemplate("kernel", kernel, trainable=False),
        WeightTemplate("lora_kernel_a", (*kernel[:-1], lora_rank)),
        WeightTemplate("lora_kernel_b", (lora_rank, kernel[-1])),
    )


def _conv(rank: int) -> LayerType:
    return declare(
        f"Conv{rank}D",
        f"A learned window that slides over {rank} spatial axes and mixes all channels.",
        f"convolutional/conv{rank}d.py",
        {
            "filters": Integer(minimum=1, doc="output channels"),
            **window_parameters(rank, *(("causal",) if rank == 1 else ())),
            "groups": Integer(1, minimum=1, doc="channel groups that do not see each other"),
            **output_parameters("kernel"),
            "kernel_constraint": Anything(None),
            "lora_rank": Integer(None, minimum=0, doc="train two thin matrices of this rank"),
            **ignored("lora_alpha"),
        },
        partial(convolution, rank),
    )


LAYERS = tuple(_conv(rank) for rank in (1, 2, 3))
ALIASES = {f"Convolution{rank}D": f"Conv{rank}D" for rank in (1, 2, 3)}
