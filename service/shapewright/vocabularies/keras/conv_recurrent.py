"""Keras's convolutional LSTM layers: memory for sequences of images."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.operations.base import Axis, Operation, WeightTemplate
from shapewright.operations.conv_recurrent import ConvolutionalCell
from shapewright.operations.convolution import Convolution
from shapewright.operations.wrapper import Named
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.activation import activation
from shapewright.vocabularies.keras.common import declare, layout
from shapewright.vocabularies.keras.recurrent import ARGUMENTS, run, sequence_parameters
from shapewright.vocabularies.keras.recurrent_cell import LSTM, gate_parameters
from shapewright.vocabularies.keras.window import (
    Ints,
    check_dilation,
    window_parameters,
    windows,
)
from shapewright.vocabularies.parameters import Integer, ignored


def _cell(
    rank: int,
    filters: int,
    kernel_size: Ints,
    strides: Ints,
    padding: str,
    data_format: str | None,
    dilation_rate: Ints,
    use_bias: bool,
    **_checked: Any,
) -> Operation:
    """One step, with the kernels of its gates side by side."""
    check_dilation(strides, dilation_rate)
    place = layout(rank, data_format)
    width = LSTM.gates * filters
    weights = (
        WeightTemplate("kernel", (*kernel_size, Axis(place.channels), width)),
        WeightTemplate("recurrent_kernel", (*kernel_size, filters, width)),
        WeightTemplate("bias", (width,)),
    )
    gate = Convolution(
        layout=place,
        windows=windows(kernel_size, strides, dilation_rate),
        paddings=(padding,) * rank,
        mode=padding,
        filters=filters,
        weights=weights if use_bias else weights[:2],
    )
    return Named("conv_lstm_cell", ConvolutionalCell(gate, LSTM.gates))


def _conv_lstm(rank: int) -> LayerType:
    return declare(
        f"ConvLSTM{rank}D",
        f"An LSTM layer that convolves over {rank} spatial axes at each step.",
        f"rnn/conv_lstm{rank}d.py",
        {
            "filters": Integer(minimum=1, doc="output channels, and channels of each state"),
            **window_parameters(rank),
            **gate_parameters(),
            "recurrent_activation": activation("sigmoid"),
            **ignored("unit_forget_bias"),
            **sequence_parameters(),
        },
        partial(run, partial(_cell, rank)),
        arguments=ARGUMENTS,
    )


LAYERS = tuple(_conv_lstm(rank) for rank in (1, 2, 3))
