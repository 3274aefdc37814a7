"""Keras's layers that change what is in images, mostly at random, by several ways at once.

They keep every shape; what matters of their parameters is which values Keras refuses. Here is too
what the colour and the geometric ones have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.factors import (
    VALUE_RANGE,
    interpolation,
    strength,
    strict_strength,
)
from shapewright.vocabularies.keras.images import (
    FOLDER,
    IMAGES,
    each,
    expect_images,
    image_axes,
    image_parameters,
    tensors_of,
)
from shapewright.vocabularies.parameters import Flag, Integer, Number, Parameter


def keep(channels: tuple[int, ...], call: Call, data_format: str | None, **_: Any) -> Operation:
    """Images as they were, with one of these numbers of channels if there are any."""
    images = expect_images(image_axes(data_format), channels)
    return each(tensors_of(call), {IMAGES: images})


ANY_CHANNELS: Final = partial(keep, ())


def augmentation(
    name: str,
    file: str,
    summary: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation] = ANY_CHANNELS,
    *,
    seed: bool = True,
) -> LayerType:
    """An augmentation, with the parameters that all of them have."""
    own = {**parameters, **image_parameters(seed=seed)}
    return declare(name, summary, f"{FOLDER}{file}.py", own, build)


LAYERS = (
    augmentation(
        "AugMix",
        "aug_mix",
        "Chains of random changes, mixed with the image they started from.",
        {
            **VALUE_RANGE,
            "num_chains": Integer(3, doc="how many chains are mixed"),
            "chain_depth": Integer(3, doc="how many changes a chain has at most"),
            "factor": strict_strength(0, 1, default=0.3),
            "alpha": Number(1.0, doc="how evenly the chains are mixed"),
            "all_ops": Flag(True, doc="change brightness, colour, contrast and sharpness too"),
            **interpolation(),
        },
    ),
    augmentation(
        "RandAugment",
        "rand_augment",
        "A few random changes out of eleven kinds.",
        {
            **VALUE_RANGE,
            "num_ops": Integer(2, doc="how many changes are made"),
            "factor": strict_strength(0, 1, default=0.5),
            **interpolation(),
        },
    ),
    augmentation(
        "CutMix",
        "cut_mix",
        "Parts of images put into other images of the batch.",
        {"factor": strength(0, 1, default=1.0)},
    ),
    augmentation(
        "MixUp",
        "mix_up",
        "Images faded into other images of the batch.",
        {"alpha": Number(0.2, doc="how strongly images are mixed")},
    ),
)
