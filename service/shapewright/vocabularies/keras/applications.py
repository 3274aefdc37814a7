"""The layers that Keras's own applications bring along, and that are no part of `keras.layers`."""

from __future__ import annotations

from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.identity import Elementwise
from shapewright.operations.merge import Broadcast
from shapewright.operations.wrapper import Fed, Sequence
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.parameters import Integer, ignored


def layer_scale(projection_dim: int) -> Operation:
    """LayerScale: one factor for each channel."""
    factors = (projection_dim,)
    stretched = Fed(Broadcast(), (0, factors))
    return Sequence((stretched, Elementwise((WeightTemplate("variable", factors),))))


def scaled_sum() -> Operation:
    """CustomScaleLayer: one tensor, and another times a number."""
    return Broadcast(2)


LAYERS = (
    declare(
        "LayerScale",
        "Every channel times a learned factor (ConvNeXt).",
        "convnext.py",
        {
            "projection_dim": Integer(minimum=1, doc="how many channels"),
            **ignored("init_values"),
        },
        layer_scale,
        folder="applications",
    ),
    declare(
        "StochasticDepth",
        "Leaves a whole branch out now and then, while training (ConvNeXt of tf.keras 2).",
        "convnext.py",
        ignored("drop_path_rate"),
        Elementwise,
        folder="applications",
    ),
    declare(
        "CustomScaleLayer",
        "One tensor, and another times a number (InceptionResNetV2).",
        "inception_resnet_v2.py",
        ignored("scale"),
        scaled_sum,
        folder="applications",
    ),
)
