"""Keras's augmentations that move pixels, or take some away."""

from __future__ import annotations

from shapewright.vocabularies.keras.augmentation import augmentation
from shapewright.vocabularies.keras.factors import (
    FILL,
    VALUE_RANGE,
    WARP,
    Odd,
    interpolation,
    strength,
    strict_strength,
)
from shapewright.vocabularies.parameters import Either, Ignored, Number, Pair, Text

LAYERS = (
    augmentation(
        "RandomElasticTransform",
        "random_elastic_transform",
        "Pixels moved as on a stretched rubber sheet.",
        {
            "factor": strength(0, 1, default=1.0),
            "scale": strength(0, 1, default=1.0),
            **interpolation(),
            **FILL,
            **VALUE_RANGE,
        },
    ),
    augmentation(
        "RandomErasing",
        "random_erasing",
        "A rectangle of each image painted over.",
        {
            "factor": strength(0, 1, default=1.0),
            "scale": strength(0, 1, default=(0.02, 0.33)),
            "fill_value": Ignored(),
            **VALUE_RANGE,
        },
    ),
    augmentation(
        "RandomFlip",
        "random_flip",
        "Images mirrored.",
        {
            "mode": Text(
                "horizontal_and_vertical", doc="`horizontal`, `vertical` or both; else no flip"
            )
        },
    ),
    augmentation(
        "RandomGaussianBlur",
        "random_gaussian_blur",
        "Some images blurred.",
        {
            "factor": strength(0, 1, default=1.0),
            "kernel_size": Either(Odd(), Pair(Odd(), Odd()), default=3, doc="taps of the blur"),
            "sigma": strength(0, 1, default=1.0),
            **VALUE_RANGE,
        },
    ),
    augmentation(
        "RandomPerspective",
        "random_perspective",
        "Images seen from another side.",
        {
            "factor": strength(0, 1, default=1.0),
            "scale": Number(1.0, minimum=0, maximum=1, doc="how far the corners move"),
            **interpolation(),
            "fill_value": Ignored(0.0),
        },
    ),
    augmentation(
        "RandomRotation",
        "random_rotation",
        "Images turned.",
        {"factor": strength(-1, 1, nullable=True), **WARP},
    ),
    augmentation(
        "RandomShear",
        "random_shear",
        "Images slanted.",
        {
            "x_factor": strict_strength(0, 1, lowest=-1, default=0.0),
            "y_factor": strict_strength(0, 1, lowest=-1, default=0.0),
            **WARP,
        },
    ),
    augmentation(
        "RandomTranslation",
        "random_translation",
        "Images moved.",
        {
            "height_factor": strict_strength(-1, 1),
            "width_factor": strict_strength(-1, 1),
            **WARP,
        },
    ),
    augmentation(
        "RandomZoom",
        "random_zoom",
        "Images seen from nearer or further away.",
        {
            "height_factor": strict_strength(None, 1, above=-1),
            "width_factor": strict_strength(None, 1, above=-1, default=None),
            **WARP,
        },
    ),
)
