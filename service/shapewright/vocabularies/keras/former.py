"""What tf.keras 2 has and Keras 3 has no longer: layers, parameters, forms of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.operations.axes import FixedSizes
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.parameters import ignored


def random_height() -> Operation:
    """RandomHeight; of images with their channels last."""
    return FixedSizes(((-3, UNKNOWN),))


def random_width() -> Operation:
    """RandomWidth; of images with their channels last."""
    return FixedSizes(((-2, UNKNOWN),))


LAYERS = (
    declare(
        "ThresholdedReLU",
        "Each element where it is above a threshold, else 0.",
        "layers.py",
        ignored("theta"),
        Elementwise,
        folder="legacy",
    ),
    declare(
        "RandomHeight",
        "Images made higher or lower by chance.",
        "layers.py",
        ignored("factor", "interpolation", "seed", "rng_type"),
        random_height,
        folder="legacy",
    ),
    declare(
        "RandomWidth",
        "Images made wider or narrower by chance.",
        "layers.py",
        ignored("factor", "interpolation", "seed", "rng_type"),
        random_width,
        folder="legacy",
    ),
)

ANY: Final = ("any value",)
"""Stands for all values of a parameter that changes no shape and no count."""

OF_ALL: Final[Mapping[str, tuple[Any, ...]]] = {"batch_input_shape": ANY}

_OF_KINDS: Final[tuple[tuple[str, Mapping[str, tuple[Any, ...]]], ...]] = (
    ("Conv1DTranspose Conv2DTranspose Conv3DTranspose", {"groups": (1,)}),
    ("DepthwiseConv1D DepthwiseConv2D", {"groups": (1,)}),
    (
        "SeparableConv1D SeparableConv2D",
        {
            "groups": (1,),
            "kernel_initializer": ANY,
            "kernel_regularizer": ANY,
            "kernel_constraint": ANY,
        },
    ),
    ("ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU LSTM RNN SimpleRNN", {"time_major": (False,)}),
    (
        "BatchNormalization",
        {"fused": ANY, "virtual_batch_size": (None,), "adjustment": (None,)},
    ),
    (
        "MultiHeadAttention",
        {
            "query_shape": ANY,
            "key_shape": ANY,
            "value_shape": ANY,
            "softmax_robust_masking": ANY,
        },
    ),
    ("SpatialDropout1D SpatialDropout2D SpatialDropout3D", {"noise_shape": ANY}),
    (
        "RandomBrightness RandomContrast RandomCrop RandomFlip RandomRotation RandomTranslation "
        "RandomZoom",
        {"rng_type": ANY},
    ),
)
"""Parameters that only tf.keras 2 has, by class, each with the values that change nothing."""

FORMER: Final[Mapping[str, Mapping[str, tuple[Any, ...]]]] = {
    name: parameters for names, parameters in _OF_KINDS for name in names.split()
}


def _sole(value: Any) -> Any:
    """The item of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


FORMS: Final[Mapping[str, Mapping[str, Callable[[Any], Any]]]] = {
    "BatchNormalization": {"axis": _sole},
}
"""Parameters that tf.keras 2 writes in another form, by class."""
