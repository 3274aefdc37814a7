"""PyTorch's moves of elements: between channels and space, among channels, into columns."""

from __future__ import annotations

from typing import Any

from shapewright.arithmetic.window import Window
from shapewright.operations.axes import Expect, from_rank
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.patches import Fold, Unfold
from shapewright.operations.shuffle import DepthToSpace, SpaceToDepth
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.parameters import Integer, Parameter, PerAxis
from shapewright.vocabularies.torch.common import Ints, batch_optional, declare, layout, symmetric


def pixel_shuffle(upscale_factor: int) -> Operation:
    """PixelShuffle."""
    return DepthToSpace(upscale_factor)


def pixel_unshuffle(downscale_factor: int) -> Operation:
    """PixelUnshuffle."""
    return SpaceToDepth(downscale_factor)


def channel_shuffle(groups: int) -> Operation:
    """ChannelShuffle."""
    divided = ((1, groups),)
    needed = Expect(
        from_rank(3), "batch, channels, spatial axes", multiples=divided, parameter="groups"
    )
    return Sequence((needed, Elementwise(axes=(1,), mixing=True)))


def unfold(kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints) -> Operation:
    """Unfold."""
    windows = tuple(map(Window, kernel_size, stride, dilation))
    return batch_optional(Unfold(layout(2), windows, symmetric(padding)), 2)


def fold(
    output_size: Ints, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints
) -> Operation:
    """Fold; what arrives has one axis of columns in place of the two spatial axes."""
    windows = tuple(map(Window, kernel_size, stride, dilation))
    return batch_optional(Fold(output_size, windows, symmetric(padding)), 1)


def _windows() -> dict[str, Parameter[Any]]:
    return {
        "kernel_size": PerAxis(2, doc="taps along each spatial axis"),
        "dilation": PerAxis(2, 1, doc="the distance between neighbouring taps"),
        "padding": PerAxis(2, 0, minimum=0, doc="zeros on both sides of each axis"),
        "stride": PerAxis(2, 1, doc="how far the window moves"),
    }


LAYERS = (
    declare(
        "PixelShuffle",
        "Blocks of channels become blocks of height and width.",
        "pixelshuffle.py",
        {"upscale_factor": Integer(minimum=1, doc="height and width of a block")},
        pixel_shuffle,
        spelling={"factor": "upscale_factor"},
    ),
    declare(
        "PixelUnshuffle",
        "Blocks of height and width become blocks of channels.",
        "pixelshuffle.py",
        {"downscale_factor": Integer(minimum=1, doc="height and width of a block")},
        pixel_unshuffle,
        spelling={"factor": "downscale_factor"},
    ),
    declare(
        "ChannelShuffle",
        "Channels in groups, dealt out again one from each group in turn.",
        "channelshuffle.py",
        {"groups": Integer(minimum=1, doc="groups of neighbouring channels")},
        channel_shuffle,
    ),
    declare(
        "Unfold",
        "All elements of every window as one column.",
        "fold.py",
        _windows(),
        unfold,
    ),
    declare(
        "Fold",
        "Columns of window elements laid back to where they came from, and added up.",
        "fold.py",
        {
            "output_size": PerAxis(2, doc="height and width of what comes out"),
            **_windows(),
        },
        fold,
    ),
)
