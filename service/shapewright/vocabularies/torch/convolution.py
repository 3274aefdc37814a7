"""PyTorch's convolutions in one to three dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Padding, Window
from shapewright.operations.base import Operation
from shapewright.operations.convolution import Convolution
from shapewright.operations.pad import Fill
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import (
    LARGEST_INTEGER,
    Choice,
    Either,
    Flag,
    Integer,
    Parameter,
    PerAxis,
)
from shapewright.vocabularies.told import Told
from shapewright.vocabularies.torch.common import (
    FACTORY,
    Ints,
    batch_optional,
    declare,
    layout,
    per_axis,
    symmetric,
    weights,
)

FILLS: Final[Mapping[str, Fill]] = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}


def channel_parameters(rank: int) -> dict[str, Parameter[Any]]:
    """What comes first in every convolution."""
    return {
        "in_channels": Integer(minimum=1, doc="channels that arrive"),
        "out_channels": Integer(minimum=1, doc="channels that leave"),
        "kernel_size": PerAxis(rank, doc="taps along each spatial axis"),
        "stride": per_axis(rank, 1, doc="how far the window moves"),
    }


def channels_told(rank: int, **out_channels: Any) -> dict[str, Told]:
    """The input tells what arrives, the kernel the rest; its taps stand on its last axes."""
    return {
        "in_channels": Told("input", -(rank + 1), (rank + 1, rank + 2)),
        "out_channels": Told("kernel", ranks=(rank + 2,), **out_channels),
        "kernel_size": Told("kernel", slice(-rank, None), (rank + 2,)),
    }


def check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    """Both must divide.

    Raises:
        ParameterError: one of them does not.
    """
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if channels % groups:
            raise ParameterError(f"{name} {channels} does not divide into {groups} groups", name)


def convolution(
    rank: int,
    in_channels: int,
    out_channels: int,
    kernel_size: Ints,
    stride: Ints,
    padding: str | Ints,
    dilation: Ints,
    groups: int,
    bias: bool,
    padding_mode: str,
) -> Operation:
    """Conv1d, Conv2d, Conv3d."""
    check_groups(in_channels, out_channels, groups)
    if padding == "same" and max(stride) > 1:
        raise ParameterError(f"padding 'same' needs stride 1, got {list(stride)}", "padding")
    if padding_mode == "zeros" and not isinstance(padding, str) and min(padding) < 0:
        raise ParameterError(f"zeros are not cut, got padding {list(padding)}", "padding")
    sides: tuple[Padding, ...] = (
        (padding,) * rank if isinstance(padding, str) else symmetric(padding)
    )
    operation = Convolution(
        layout=layout(rank),
        windows=tuple(map(Window, kernel_size, stride, dilation)),
        paddings=sides,
        mode=padding if isinstance(padding, str) else "explicit",
        filters=out_channels,
        groups=groups,
        in_channels=in_channels,
        fill=FILLS[padding_mode],
        weights=weights(
            weight=(out_channels, in_channels // groups, *kernel_size),
            bias=(out_channels,) if bias else None,
        ),
    )
    return batch_optional(operation, rank)


def _convolution(rank: int) -> LayerType:
    return declare(
        f"Conv{rank}d",
        f"A learned window that slides over {rank} spatial axes and mixes the channels of a group.",
        "conv.py",
        {
            **channel_parameters(rank),
            "padding": Either(
                Choice("valid", "same"),
                per_axis(rank, 0, minimum=-LARGEST_INTEGER, doc=""),
                default=(0,) * rank,
                doc="a word, or how much lies on both sides of each axis",
            ),
            "dilation": per_axis(rank, 1, doc="the distance between neighbouring taps"),
            "groups": Integer(1, minimum=1, doc="channel groups that do not see each other"),
            "bias": Flag(True, doc="add one number to each output channel"),
            "padding_mode": Choice(*FILLS, default="zeros", doc="what the padding is made of"),
            **FACTORY,
        },
        partial(convolution, rank),
        told=channels_told(rank, axes=0),
    )


LAYERS = tuple(_convolution(rank) for rank in (1, 2, 3))
