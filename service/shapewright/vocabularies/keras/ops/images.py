"""Keras's operations on images."""

from __future__ import annotations

from shapewright.operations.axes import FixedSizes
from shapewright.operations.base import Operation
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.keras.common import data_format
from shapewright.vocabularies.keras.images import expect_images, image_axes
from shapewright.vocabularies.keras.ops.common import Ints, declare
from shapewright.vocabularies.parameters import PerAxis, ignored


def resize(size: Ints, data_format: str | None) -> Operation:
    """Resize, of one image or of a batch."""
    axes = image_axes(data_format)
    sizes = zip((axes.height, axes.width), size, strict=True)
    return Sequence((expect_images(axes), FixedSizes(tuple(sizes))))


LAYERS = (
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
