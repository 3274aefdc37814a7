"""The cell search space: small graphs, drawn once and repeated, as in NASNet and DARTS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final, TypeAlias

from benchmarks.layers import Layer, convolution, head, normalised

Gene: TypeAlias = tuple[str, int]
"""An operation, and which earlier state it reads."""

Genotype: TypeAlias = list[tuple[Gene, Gene]]
"""The two genes that are added up in each node of a cell."""


def cells(random: Random) -> list[Layer]:
    """A stem and three cells, the middle one at half the size; two genotypes are drawn."""
    filters = random.choice((16, 24, 32, 40, 48))
    layers = [*normalised(convolution(filters, 3, strides=2), name="stem")]
    normal, reduction = _genotype(random), _genotype(random)
    states = [("stem", 1), ("stem", 1)]
    for number, (genotype, stride) in enumerate(((normal, 1), (reduction, 2), (normal, 1))):
        layers += _cell(f"cell{number}", genotype, states, filters * 2**number, stride)
        states = [(states[1][0], stride), (f"cell{number}", 1)]
    return [*layers, *head()]


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
        yield from normalised(convolution(filters, 1, strides=larger), name=states[-1])
    for node, genes in enumerate(genotype):
        branches = []
        for branch, (operation, state) in enumerate(genes):
            chain = CELL_OPERATIONS[operation](filters, stride if state < len(inputs) else 1)
            branches.append(f"{name}_node{node}_{operation}{branch}")
            chain[0]["inputs"] = [states[state]]
            chain[-1]["name"] = branches[-1]
            yield from chain
        states.append(f"{name}_node{node}")
        yield {"type": "Add", "name": states[-1], "inputs": branches}
    yield {"type": "Concatenate", "name": name, "inputs": states[len(inputs) :]}


def _separable(kernel_size: int) -> Callable[[int, int], list[Layer]]:
    def layers(filters: int, stride: int) -> list[Layer]:
        separable = convolution(filters, kernel_size, stride) | {"type": "SeparableConv2D"}
        return [{"type": "ReLU"}, *normalised(separable)]

    return layers


def _pooling(kind: str) -> Callable[[int, int], list[Layer]]:
    return lambda filters, stride: [
        {"type": kind, "pool_size": 3, "strides": stride, "padding": "same"}
    ]


def _skip(filters: int, stride: int) -> list[Layer]:
    if stride == 1:
        return [{"type": "Identity"}]
    return [{"type": "ReLU"}, *normalised(convolution(filters, 1, stride))]


CELL_OPERATIONS: Final[dict[str, Callable[[int, int], list[Layer]]]] = {
    "separable3": _separable(3),
    "separable5": _separable(5),
    "max_pool": _pooling("MaxPooling2D"),
    "average_pool": _pooling("AveragePooling2D"),
    "skip": _skip,
}
"""The layers of each operation, from its filters and stride."""
