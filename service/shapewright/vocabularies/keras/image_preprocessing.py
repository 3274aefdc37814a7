"""Keras's layers that give images another size, or a number of bounding boxes."""

from __future__ import annotations

from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect, FixedSizes
from shapewright.operations.base import Note, Operation
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.images import (
    BOX_LABELS,
    BOXES,
    FOLDER,
    IMAGES,
    MASKS,
    each,
    expect_images,
    image_axes,
    image_parameters,
    tensors_of,
)
from shapewright.vocabularies.parameters import Choice, Flag, Ignored, Integer, Parameter

IN_TRAINING: Final = Note(
    "training_only", "Keras crops in training; in inference it hands the image on uncropped"
)


def resized(
    call: Call, height: int, width: int, data_format: str | None, *notes: Note
) -> Operation:
    """Images and masks of a new height and width."""
    axes = image_axes(data_format)
    sizes = FixedSizes(((axes.height, height), (axes.width, width)), notes)
    checked = Sequence((expect_images(axes), sizes))
    return each(tensors_of(call), {IMAGES: checked, MASKS: checked})


def resizing(
    call: Call,
    height: int,
    width: int,
    crop_to_aspect_ratio: bool,
    pad_to_aspect_ratio: bool,
    data_format: str | None,
    **_: Any,
) -> Operation:
    """Resizing."""
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ParameterError(
            "crop_to_aspect_ratio and pad_to_aspect_ratio are both true, only one can be",
            "pad_to_aspect_ratio",
        )
    return resized(call, height, width, data_format)


def center_crop(
    call: Call, height: int, width: int, data_format: str | None, **_: Any
) -> Operation:
    """CenterCrop; a smaller image is made larger."""
    return resized(call, height, width, data_format)


def random_crop(
    call: Call, height: int, width: int, data_format: str | None, **_: Any
) -> Operation:
    """RandomCrop; a smaller image is made larger."""
    return resized(call, height, width, data_format, IN_TRAINING)


def max_num_bounding_boxes(
    call: Call, max_number: int, data_format: str | None, **_: Any
) -> Operation:
    """MaxNumBoundingBoxes: boxes past the number are dropped, missing ones are filled in."""
    tensors = tensors_of(call)
    if {keys for keys in tensors if keys[0] == BOXES[0]} not in ({BOXES, BOX_LABELS}, set()):
        raise ParameterError("takes `bounding_boxes` as a map of `boxes` and `labels`, and no more")
    boxes = Expect((2, 3), "boxes of an image or of a batch, 4 numbers each", ((-1, (4,)),))
    labels = Expect((1, 2), "a label for each box of an image or of a batch")
    return each(
        tensors,
        {
            IMAGES: expect_images(image_axes(data_format)),
            BOXES: Sequence((boxes, FixedSizes(((-2, max_number),)))),
            BOX_LABELS: Sequence((labels, FixedSizes(((-1, max_number),)))),
        },
    )


def _size(smallest: int) -> dict[str, Parameter[Any]]:
    return {
        "height": Integer(minimum=smallest, doc="the height afterwards"),
        "width": Integer(minimum=smallest, doc="the width afterwards"),
    }


LAYERS = (
    declare(
        "Resizing",
        "Images scaled to one height and width.",
        FOLDER + "resizing.py",
        {
            **_size(1),
            "interpolation": Choice(
                "bilinear",
                "nearest",
                "bicubic",
                "lanczos3",
                "lanczos5",
                "area",
                default="bilinear",
                doc="how values between pixels are found",
            ),
            "crop_to_aspect_ratio": Flag(False, doc="cut what would distort the image"),
            "pad_to_aspect_ratio": Flag(False, doc="fill up what would distort the image"),
            "fill_mode": Choice("constant", default="constant"),
            "fill_value": Ignored(0.0),
            "antialias": Flag(False),
            **image_parameters(seed=False),
        },
        resizing,
    ),
    declare(
        "CenterCrop",
        "The middle of images, cut to one height and width.",
        FOLDER + "center_crop.py",
        {**_size(0), **image_parameters(seed=False)},
        center_crop,
    ),
    declare(
        "RandomCrop",
        "A part of images in a random place, cut to one height and width.",
        FOLDER + "random_crop.py",
        {**_size(0), **image_parameters()},
        random_crop,
    ),
    declare(
        "MaxNumBoundingBoxes",
        "Lists of bounding boxes, cut or filled up to one length.",
        FOLDER + "max_num_bounding_box.py",
        {
            "max_number": Integer(minimum=0, doc="how many boxes an image has afterwards"),
            "fill_value": Integer(-1, doc="what missing boxes are filled with"),
            **image_parameters(seed=False),
        },
        max_num_bounding_boxes,
    ),
)
