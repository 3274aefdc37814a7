"""Keras's operations on images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shapewright.operations.axes import Expect, FixedSizes
from shapewright.operations.base import Operation
from shapewright.operations.permute import Permute
from shapewright.operations.shuffle import DepthToSpace, SpaceToDepth
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format, layout
from shapewright.vocabularies.keras.images import expect_images, image_axes
from shapewright.vocabularies.keras.ops.common import Ints, declare
from shapewright.vocabularies.parameters import Integer, PerAxis, ignored


def resize(size: Ints, data_format: str | None) -> Operation:
    """Resize, of one image or of a batch."""
    axes = image_axes(data_format)
    sizes = zip((axes.height, axes.width), size, strict=True)
    return Sequence((expect_images(axes), FixedSizes(tuple(sizes))))


def blocks(turn: Callable[[int], Operation], block_size: int, data_format: str | None) -> Operation:
    """DepthToSpace, SpaceToDepth: between channels and blocks of height and width."""
    expected = Expect((4,), "batch, height, width, channels")
    if not layout(2, data_format).channels_last:
        return Sequence((expected, turn(block_size)))
    return Sequence((expected, Permute((0, 3, 1, 2)), turn(block_size), Permute((0, 2, 3, 1))))


def _blocks(name: str, summary: str, turn: Callable[[int], Operation]) -> LayerType:
    return declare(
        name,
        summary,
        "nn.py",
        {
            "block_size": Integer(minimum=1, doc="height and width of a block"),
            "data_format": data_format(),
        },
        partial(blocks, turn),
        "x",
    )


LAYERS = (
    _blocks("DepthToSpace", "Channels become blocks of height and width.", DepthToSpace),
    _blocks("SpaceToDepth", "Blocks of height and width become channels.", SpaceToDepth),
    declare(
        "Resize",
        "Images made larger or smaller.",
        "image.py",
        {
            "size": PerAxis(2, doc="height and width"),
            "data_format": data_format(),
            **ignored("interpolation", "antialias", "fill_mode", "fill_value"),
            **ignored("crop_to_aspect_ratio", "pad_to_aspect_ratio"),
        },
        resize,
        "images",
    ),
)
