"""PyTorch's transposed convolutions in one to three dimensions."""

from __future__ import annotations

from functools import partial

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Operation
from shapewright.operations.convolution import TransposedConvolution
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Choice, Flag, Integer, Integers
from shapewright.vocabularies.torch.common import (
    FACTORY,
    Ints,
    batch_optional,
    constant,
    declare,
    layout,
    per_axis,
    symmetric,
    weights,
)
from shapewright.vocabularies.torch.convolution import (
    channel_parameters,
    channels_told,
    check_groups,
)


def transposed_convolution(
    rank: int,
    in_channels: int,
    out_channels: int,
    kernel_size: Ints,
    stride: Ints,
    padding: Ints,
    output_padding: Ints,
    groups: int,
    bias: bool,
    dilation: Ints,
    padding_mode: str,
    call: Call,
) -> Operation:
    """ConvTranspose1d, ConvTranspose2d, ConvTranspose3d; the call may ask for an `output_size`."""
    check_groups(in_channels, out_channels, groups)
    windows = tuple(map(Window, kernel_size, stride, dilation))
    asked = constant(call, "output_size", Integers(minimum=1, shortest=rank, longest=rank + 2))
    if asked is None:
        _check_output_padding(output_padding, windows)
    operation = TransposedConvolution(
        layout=layout(rank),
        windows=windows,
        paddings=symmetric(padding),
        mode="explicit",
        filters=out_channels,
        groups=groups,
        output_paddings=output_padding,
        output_sizes=asked and asked[-rank:],
        empty_from_batch=_empty_from_batch(windows, output_padding, groups),
        in_channels=in_channels,
        weights=weights(
            weight=(in_channels, out_channels // groups, *kernel_size),
            bias=(out_channels,) if bias else None,
        ),
    )
    return batch_optional(operation, rank)


def _check_output_padding(output_padding: Ints, windows: tuple[Window, ...]) -> None:
    for extra, window in zip(output_padding, windows, strict=True):
        if extra >= max(window.stride, window.dilation):
            raise ParameterError(
                f"output_padding {extra} must be smaller than the stride {window.stride} "
                f"or the dilation {window.dilation}",
                "output_padding",
            )


def _empty_from_batch(windows: tuple[Window, ...], output_padding: Ints, groups: int) -> int | None:
    """The smallest batch that goes to oneDNN, which lets a result be empty; PyTorch itself refuses.

    Source: `ConvParams::use_mkldnn` in `aten/src/ATen/native/Convolution.cpp`, for one thread; one
    spatial axis is computed as two. (Very large inputs go to oneDNN too.)
    """
    if any(extra >= window.stride for extra, window in zip(output_padding, windows, strict=True)):
        return None
    kernels = (1, *(window.kernel for window in windows))[-2:]
    moves = any(window.stride > 1 or window.dilation > 1 for window in windows)
    worth_it = groups > 1 or min(kernels) > 3
    return max(1 if worth_it else 2, 1 if moves or max(kernels) > 1 else 16)


def _transposed_convolution(rank: int) -> LayerType:
    return declare(
        f"ConvTranspose{rank}d",
        f"Each input element spreads over a learned window of outputs along {rank} spatial axes.",
        "conv.py",
        {
            **channel_parameters(rank),
            "padding": per_axis(rank, 0, minimum=0, doc="how much of the full result is cut"),
            "output_padding": per_axis(
                rank, 0, minimum=0, doc="what stays at the end all the same"
            ),
            "groups": Integer(1, minimum=1, doc="channel groups that do not see each other"),
            "bias": Flag(True, doc="add one number to each output channel"),
            "dilation": per_axis(rank, 1, doc="the distance between neighbouring taps"),
            "padding_mode": Choice("zeros", default="zeros"),
            **FACTORY,
        },
        partial(transposed_convolution, rank),
        told=channels_told(rank, axes=1, times="groups"),
    )


LAYERS = tuple(_transposed_convolution(rank) for rank in (1, 2, 3))
