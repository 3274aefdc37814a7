"""Layers as the search spaces write them, and the parts that all candidates share."""

from __future__ import annotations

from typing import Any, TypeAlias

Layer: TypeAlias = dict[str, Any]
Document: TypeAlias = dict[str, Any]


def convolution(filters: int, kernel_size: int, strides: int = 1) -> Layer:
    """Without bias, since a normalisation follows."""
    return {
        "type": "Conv2D",
        "filters": filters,
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": "same",
        "use_bias": False,
    }


def depthwise(kernel_size: int, strides: int) -> Layer:
    """The same for each channel alone."""
    return {
        "type": "DepthwiseConv2D",
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": "same",
        "use_bias": False,
    }


def normalisation() -> Layer:
    """With its defaults."""
    return {"type": "BatchNormalization"}


def normalised(layer: Layer, **place: str) -> list[Layer]:
    """A layer and its normalisation; a `name` goes to the latter."""
    return [layer, normalisation() | place]


def relu6() -> Layer:
    """As mobile networks have it."""
    return {"type": "ReLU", "max_value": 6.0}


def head() -> list[Layer]:
    """Features to classes."""
    return [{"type": "GlobalAveragePooling2D"}, {"type": "Dense", "units": 1000}]
