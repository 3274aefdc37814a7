"""Keras's transposed convolutions, in one to three dimensions."""

from __future__ import annotations

from functools import partial
from operator import ge

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, WeightTemplate
from shapewright.operations.convolution import TransposedConvolution
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activated
from shapewright.vocabularies.keras.common import declare, layout
from shapewright.vocabularies.keras.window import (
    Ints,
    bias,
    check_dilation,
    output_parameters,
    taps_told,
    window_parameters,
    windows,
)
from shapewright.vocabularies.parameters import Integer, PerAxis
from shapewright.vocabularies.told import Told


def transposed(
    rank: int,
    filters: int,
    kernel_size: Ints,
    strides: Ints,
    padding: str,
    output_padding: Ints | None,
    data_format: str | None,
    dilation_rate: Ints,
    activation: str | None,
    use_bias: bool,
) -> Operation:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose."""
    check_dilation(strides, dilation_rate)
    if output_padding and any(map(ge, output_padding, strides)):
        raise ParameterError(
            f"must be less than the stride on every axis, "
            f"got output_padding {list(output_padding)} and strides {list(strides)}",
            "output_padding",
        )
    place = layout(rank, data_format)
    kernel = WeightTemplate("kernel", (*kernel_size, filters, Axis(place.channels)))
    operation = TransposedConvolution(
        layout=place,
        windows=windows(kernel_size, strides, dilation_rate),
        paddings=(padding,) * rank,
        mode=padding,
        filters=filters,
        output_paddings=output_padding,
        weights=(kernel, *bias(filters, use_bias)),
    )
    return activated(operation, activation)


def _transposed(rank: int) -> LayerType:
    return declare(
        f"Conv{rank}DTranspose",
        f"Spreads each input over a learned window of outputs, on {rank} spatial axes.",
        f"convolutional/conv{rank}d_transpose.py",
        {
            "filters": Integer(minimum=1, doc="output channels"),
            **window_parameters(rank),
            "output_padding": PerAxis(
                rank, None, minimum=0, doc="what is kept at the end beyond the smallest result"
            ),
            **output_parameters("kernel"),
        },
        partial(transposed, rank),
        told={"filters": Told("kernel", -2, (rank + 2,)), **taps_told(rank)},
    )


LAYERS = tuple(_transposed(rank) for rank in (1, 2, 3))
ALIASES = {f"Convolution{rank}DTranspose": f"Conv{rank}DTranspose" for rank in (1, 2, 3)}
