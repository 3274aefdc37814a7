"""Keras's plain convolutions, in one to three dimensions."""

from __future__ import annotations

from functools import partial

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.convolution import Convolution
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activated
from shapewright.vocabularies.keras.common import declare, layout
from shapewright.vocabularies.keras.low_rank import adapted, low_rank
from shapewright.vocabularies.keras.window import (
    Ints,
    bias,
    check_dilation,
    output_parameters,
    taps_told,
    window_parameters,
    windows,
)
from shapewright.vocabularies.parameters import Integer
from shapewright.vocabularies.told import Told


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
    kernel_constraint: object,
    lora_rank: int | None,
) -> Operation:
    """Conv1D, Conv2D, Conv3D."""
    check_dilation(strides, dilation_rate)
    if filters % groups:
        raise ParameterError(f"{filters} filters do not divide into {groups} groups", "filters")
    place = layout(rank, data_format)
    shape: tuple[Part, ...] = (*kernel_size, Axis(place.channels, per=groups), filters)
    kernel = adapted(WeightTemplate("kernel", shape), lora_rank, kernel_constraint)
    operation = Convolution(
        layout=place,
        windows=windows(kernel_size, strides, dilation_rate),
        paddings=(padding,) * rank,
        mode=padding,
        filters=filters,
        groups=groups,
        weights=(*kernel, *bias(filters, use_bias)),
    )
    return activated(operation, activation)


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
            **low_rank("kernel"),
        },
        partial(convolution, rank),
        told={"filters": Told("kernel", -1, (rank + 2,)), **taps_told(rank)},
    )


LAYERS = tuple(_conv(rank) for rank in (1, 2, 3))
ALIASES = {f"Convolution{rank}D": f"Conv{rank}D" for rank in (1, 2, 3)}
