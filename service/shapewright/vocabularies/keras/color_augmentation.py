"""Keras's augmentations of colours and of values."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.keras.augmentation import augmentation, keep
from shapewright.vocabularies.keras.common import CHANNELS_LAST
from shapewright.vocabularies.keras.factors import VALUE_RANGE, strength, strict_strength
from shapewright.vocabularies.keras.images import (
    IMAGES,
    each,
    expect_images,
    image_axes,
    tensors_of,
)
from shapewright.vocabularies.parameters import Integer, Integers, Number

RGB: Final = (3,)
GRAY_OR_RGB: Final = (1, 3)


def spread(call: Call, data_format: str | None, **_: Any) -> Operation:
    """Images in which each pixel depends on all others."""
    axes = image_axes(data_format)
    mixed = Elementwise(axes=(axes.height, axes.width), mixing=True)
    return each(tensors_of(call), {IMAGES: Sequence((expect_images(axes), mixed))})


def color_jitter(
    call: Call, saturation_factor: Any, hue_factor: Any, data_format: str | None, **_: Any
) -> Operation:
    """RandomColorJitter; the layers inside it always look for the channels at the end."""
    if saturation_factor is None and hue_factor is None:
        return keep((), call, data_format)
    return keep(RGB, call, CHANNELS_LAST)


LAYERS = (
    augmentation(
        "AutoContrast",
        "auto_contrast",
        "Values spread over the whole range, by channel.",
        VALUE_RANGE,
        spread,
        seed=False,
    ),
    augmentation(
        "ContrastLimitedAdaptiveHistogramEqualization",
        "clahe",
        "Values spread evenly within tiles, up to a limit.",
        {
            **VALUE_RANGE,
            "clip_limit": Number(4.0, doc="how far a bin may rise over the mean"),
            "tile_grid_size": Integers(
                (8, 8), minimum=1, shortest=2, longest=2, doc="tiles along the height and the width"
            ),
        },
        spread,
        seed=False,
    ),
    augmentation(
        "Equalization",
        "equalization",
        "Values spread evenly over the whole range, by channel.",
        {**VALUE_RANGE, "bins": Integer(256, doc="bins of the histogram")},
        spread,
        seed=False,
    ),
    augmentation(
        "RandomBrightness",
        "random_brightness",
        "Images made brighter or darker.",
        {"factor": strength(-1, 1, nullable=True), **VALUE_RANGE},
    ),
    augmentation(
        "RandomColorDegeneration",
        "random_color_degeneration",
        "Images blended with themselves in gray.",
        {"factor": strength(-1, 1), **VALUE_RANGE},
        partial(keep, RGB),
    ),
    augmentation(
        "RandomColorJitter",
        "random_color_jitter",
        "Brightness, contrast, saturation and hue changed one after another.",
        {
            **VALUE_RANGE,
            "brightness_factor": strength(-1, 1, default=None),
            "contrast_factor": strength(0, 1, default=None),
            "saturation_factor": strength(-1, 1, default=None),
            "hue_factor": strength(0, 1, default=None),
        },
        color_jitter,
    ),
    augmentation(
        "RandomContrast",
        "random_contrast",
        "Values moved away from their mean, or towards it.",
        {"factor": strength(0, 1), **VALUE_RANGE},
    ),
    augmentation(
        "RandomGrayscale",
        "random_grayscale",
        "Some images made gray, with all their channels.",
        {"factor": Number(0.5, minimum=0, maximum=1, doc="how likely an image is made gray")},
        partial(keep, GRAY_OR_RGB),
    ),
    augmentation(
        "RandomHue",
        "random_hue",
        "Colours turned round the colour circle.",
        {"factor": strength(0, 1), **VALUE_RANGE},
        partial(keep, RGB),
    ),
    augmentation(
        "RandomInvert",
        "random_invert",
        "Some images made negatives.",
        {"factor": strength(0, 1, default=1.0), **VALUE_RANGE},
    ),
    augmentation(
        "RandomPosterization",
        "random_posterization",
        "Values with fewer bits.",
        {"factor": strength(1, 8), **VALUE_RANGE},
    ),
    augmentation(
        "RandomSaturation",
        "random_saturation",
        "Colours made stronger or weaker.",
        {"factor": strength(-1, 1), **VALUE_RANGE},
        partial(keep, RGB),
    ),
    augmentation(
        "RandomSharpness",
        "random_sharpness",
        "Images made sharper or smoother.",
        {"factor": strength(0, 1), **VALUE_RANGE},
    ),
    augmentation(
        "Solarization",
        "solarization",
        "Values over a threshold inverted, after a random addition.",
        {
            "addition_factor": strict_strength(0, 1, default=0.0),
            "threshold_factor": strict_strength(0, 1, default=0.0),
            **VALUE_RANGE,
        },
    ),
)
