"""The mobile search space: inverted residuals, as in MobileNetV3."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from benchmarks.layers import Layer, convolution, depthwise, head, normalisation, normalised, relu6

STAGES: Final = (
    ((16, 24, 32), 2),
    ((32, 40, 48), 2),
    ((64, 80, 96), 2),
    ((96, 112, 128), 1),
)
"""For each stage the filters to choose from, and the stride of its first block."""


def mobile(random: Random) -> list[Layer]:
    """A chain of inverted residuals, some with squeeze and excitation."""
    channels = random.choice((16, 24, 32))
    layers = [*normalised(convolution(channels, 3, strides=2)), relu6() | {"name": "stem"}]
    before, number = "stem", 0
    for choices, first_stride in STAGES:
        filters = random.choice(choices)
        for repeat in range(random.choice((1, 1, 2))):
            stride = 1 if repeat else first_stride
            name = f"block{number}"
            layers += _inverted_residual(random, name, before, channels, filters, stride)
            before, channels, number = layers[-1]["name"], filters, number + 1
    return [*layers, *head()]


def _inverted_residual(
    random: Random, name: str, before: str, channels: int, filters: int, stride: int
) -> Iterator[Layer]:
    expanded = channels * random.choice((3, 4, 6))
    yield from normalised(convolution(expanded, 1))
    yield relu6()
    kernel_size = random.choice((3, 5, 7))
    yield from normalised(depthwise(kernel_size, stride))
    yield relu6() | {"name": f"{name}_depthwise"}
    if random.random() < 0.5:
        yield from _squeeze_and_excitation(f"{name}_depthwise", expanded)
    yield convolution(filters, 1)
    yield normalisation() | {"name": f"{name}_project"}
    if stride == 1 and channels == filters:
        yield {"type": "Add", "name": f"{name}_add", "inputs": [before, f"{name}_project"]}


def _squeeze_and_excitation(features: str, channels: int) -> Iterator[Layer]:
    yield {"type": "GlobalAveragePooling2D", "keepdims": True}
    yield {"type": "Conv2D", "filters": channels // 4, "kernel_size": 1, "activation": "relu"}
    gate = f"{features}_gate"
    yield {
        "type": "Conv2D",
        "name": gate,
        "filters": channels,
        "kernel_size": 1,
        "activation": "sigmoid",
    }
    yield {"type": "Multiply", "inputs": [features, gate]}
