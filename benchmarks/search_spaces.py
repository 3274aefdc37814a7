"""Two spaces that an architecture search walks through, as endless streams of stacks.

A share of the candidates is spoiled as searches spoil them: branches that do not fit, a window
larger than its input, a wrong parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, NamedTuple, TypeAlias

Layer: TypeAlias = dict[str, Any]
Document: TypeAlias = dict[str, Any]

LENGTHS: Final = range(40, 61)
"""How many layers a candidate has."""

INVALID: Final = 0.075
"""The share of candidates that are spoiled."""

INPUT_SIZES: Final = (96, 128, 160, 192, 224)


class Candidate(NamedTuple):
    """A stack, and what is wrong with it, if anything."""

    document: Document
    fault: str | None


def candidates(space: str, seed: int) -> Iterator[Candidate]:
    """The stream of a space; the same for the same seed, and endless."""
    random = Random(f"{space} {seed}")
    while True:
        size = random.choice(INPUT_SIZES)
        layers = SPACES[space](random)
        if len(layers) not in LENGTHS:
            continue
        fault = random.choice(tuple(FAULTS)) if random.random() < INVALID else None
        if fault:
            FAULTS[fault](layers, random)
        yield Candidate({"input_shape": [None, size, size, 3], "layers": layers}, fault)


# ---- mobile: inverted residuals, as in MobileNetV3 ----------------------------------------------

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
    layers = [*_normalised(_convolution(channels, 3, strides=2)), _relu6() | {"name": "stem"}]
    before, number = "stem", 0
    for choices, first_stride in STAGES:
        filters = random.choice(choices)
        for repeat in range(random.choice((1, 1, 2))):
            stride = 1 if repeat else first_stride
            name = f"block{number}"
            layers += _inverted_residual(random, name, before, channels, filters, stride)
            before, channels, number = layers[-1]["name"], filters, number + 1
    return [*layers, *_head()]


def _inverted_residual(
    random: Random, name: str, before: str, channels: int, filters: int, stride: int
) -> Iterator[Layer]:
    expanded = channels * random.choice((3, 4, 6))
    yield from _normalised(_convolution(expanded, 1))
    yield _relu6()
    kernel_size = random.choice((3, 5, 7))
    yield from _normalised(_depthwise(kernel_size, stride))
    yield _relu6() | {"name": f"{name}_depthwise"}
    if random.random() < 0.5:
        yield from _squeeze_and_excitation(f"{name}_depthwise", expanded)
    yield _convolution(filters, 1)
    yield _normalisation() | {"name": f"{name}_project"}
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


# ---- cells: small graphs that are found once and repeated, as in NASNet and DARTS ----------------

Gene: TypeAlias = tuple[str, int]
"""An operation, and which earlier state it reads."""

Genotype: TypeAlias = list[tuple[Gene, Gene]]
"""The two genes that are added up in each node of a cell."""


def cells(random: Random) -> list[Layer]:
    """A stem and three cells, the middle one at half the size; two genotypes are drawn."""
    filters = random.choice((16, 24, 32, 40, 48))
    layers = [*_normalised(_convolution(filters, 3, strides=2), name="stem")]
    normal, reduction = _genotype(random), _genotype(random)
    states = [("stem", 1), ("stem", 1)]
    for number, (genotype, stride) in enumerate(((normal, 1), (reduction, 2), (normal, 1))):
        layers += _cell(f"cell{number}", genotype, states, filters * 2**number, stride)
        states = [(states[1][0], stride), (f"cell{number}", 1)]
    return [*layers, *_head()]


def _genotype(random: Random) -> Genotype:
    def gene(node: int) -> Gene:
        return random.choice(tuple(CELL_OPERATIONS)), random.randrange(2 + node)

    return [(gene(node), gene(node)) for node in range(2)]


def _cell(
    name: str, genotype: Genotype, inputs: list[tuple[str, int]], filters: int, stride: int
) -> Iterator[Layer]:
    """Layers from two inputs, each with how much larger it still is, to one concatenation."""
    states = []
    for number, (source, larger) in enumerate(inputs):
        states.append(f"{name}_input{number}")
        yield {"type": "ReLU", "inputs": [source]}
        yield from _normalised(_convolution(filters, 1, strides=larger), name=states[-1])
    for node, genes in enumerate(genotype):
        branches = []
        for number, (operation, state) in enumerate(genes):
            branch = f"{name}_node{node}_{operation}{number}"
            reads = states[state]
            *first, last = CELL_OPERATIONS[operation](filters, stride if state < 2 else 1)
            chain = [*first, last | {"name": branch}]
            chain[0]["inputs"] = [reads]
            yield from chain
            branches.append(branch)
        states.append(f"{name}_node{node}")
        yield {"type": "Add", "name": states[-1], "inputs": branches}
    yield {"type": "Concatenate", "name": name, "inputs": states[2:]}


def _separable(kernel_size: int) -> Callable[[int, int], list[Layer]]:
    def layers(filters: int, stride: int) -> list[Layer]:
        convolution = _convolution(filters, kernel_size, stride) | {"type": "SeparableConv2D"}
        return [{"type": "ReLU"}, *_normalised(convolution)]

    return layers


def _pooling(kind: str) -> Callable[[int, int], list[Layer]]:
    return lambda filters, stride: [
        {"type": kind, "pool_size": 3, "strides": stride, "padding": "same"}
    ]


def _skip(filters: int, stride: int) -> list[Layer]:
    if stride == 1:
        return [{"type": "Identity"}]
    return [{"type": "ReLU"}, *_normalised(_convolution(filters, 1, stride))]


CELL_OPERATIONS: Final[dict[str, Callable[[int, int], list[Layer]]]] = {
    "separable3": _separable(3),
    "separable5": _separable(5),
    "max_pool": _pooling("MaxPooling2D"),
    "average_pool": _pooling("AveragePooling2D"),
    "skip": _skip,
}
"""The layers of each operation, from its filters and stride."""


SPACES: Final[dict[str, Callable[[Random], list[Layer]]]] = {"mobile": mobile, "cells": cells}
"""How the layers of one candidate are drawn."""


# ---- faults --------------------------------------------------------------------------------------


def _branch_mismatch(layers: list[Layer], random: Random) -> None:
    """Let the last merge read the stem, which is larger."""
    merge = [layer for layer in layers if layer["type"] in ("Add", "Multiply", "Concatenate")][-1]
    merge["inputs"] = ["stem", merge["inputs"][-1]]


def _window_too_large(layers: list[Layer], random: Random) -> None:
    """Let a window be larger than any image."""
    layer = _any(layers, random, "kernel_size", "pool_size")
    size = "kernel_size" if "kernel_size" in layer else "pool_size"
    layer.update({size: max(INPUT_SIZES) + 1, "padding": "valid"})


def _wrong_parameter(layers: list[Layer], random: Random) -> None:
    """Say something that no layer understands."""
    wrong = random.choice(({"padding": "some"}, {"stride": 2}))
    _any(layers, random, "strides").update(wrong)


FAULTS: Final[dict[str, Callable[[list[Layer], Random], None]]] = {
    "branch mismatch": _branch_mismatch,
    "window too large": _window_too_large,
    "wrong parameter": _wrong_parameter,
}


def _any(layers: list[Layer], random: Random, *keys: str) -> Layer:
    return random.choice([layer for layer in layers if layer.keys() & set(keys)])


# ---- layers --------------------------------------------------------------------------------------


def _convolution(filters: int, kernel_size: int, strides: int = 1) -> Layer:
    return {
        "type": "Conv2D",
        "filters": filters,
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": "same",
        "use_bias": False,
    }


def _depthwise(kernel_size: int, strides: int) -> Layer:
    return {
        "type": "DepthwiseConv2D",
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": "same",
        "use_bias": False,
    }


def _normalisation() -> Layer:
    return {"type": "BatchNormalization"}


def _normalised(layer: Layer, **place: str) -> list[Layer]:
    return [layer, _normalisation() | place]


def _relu6() -> Layer:
    return {"type": "ReLU", "max_value": 6.0}


def _head() -> list[Layer]:
    return [{"type": "GlobalAveragePooling2D"}, {"type": "Dense", "units": 1000}]
