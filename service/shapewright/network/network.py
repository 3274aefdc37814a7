"""A network is a graph of operations in an order in which data can flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapewright.arithmetic.dimension import Shape
from shapewright.operations.base import Operation


@dataclass(frozen=True, slots=True)
class Ref:
    """One output of a producer; producers are the network's inputs, then its nodes."""

    producer: int
    output: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """A tensor that comes from outside."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Node:
    """One call of one layer.

    `place` is the JSON pointer of the layer's parameters in the document that was sent, `spelling`
    the names that parameters have there, by what operations call them. `layer` tells layers apart:
    the calls of a shared layer have the same number.
    """

    name: str
    type: str
    operation: Operation
    inputs: tuple[Ref, ...]
    layer: int
    place: str = ""
    spelling: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """Inputs, nodes in an order in which each comes after what it reads, and outputs."""

    framework: str
    source: str
    inputs: tuple[Input, ...]
    nodes: tuple[Node, ...]
    outputs: tuple[Ref, ...]

    def name_of(self, ref: Ref) -> str:
        """How a report names a tensor: its producer, with `:1` and up for further outputs."""
        own = len(self.inputs)
        producer = (
            self.inputs[ref.producer] if ref.producer < own else self.nodes[ref.producer - own]
        )
        return f"{producer.name}:{ref.output}" if ref.output else producer.name
