"""A network is a graph of operations in an order in which data can flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from shapewright.arithmetic.dimension import Shape
from shapewright.operations.base import Operation
from shapewright.paths import Path, pointer
from shapewright.record import entity, record


class Ref(NamedTuple):
    """One output of a producer; producers are the network's inputs, then its nodes."""

    producer: int
    output: int = 0


@record
class Input:
    """A tensor that comes from outside."""

    name: str
    shape: Shape


@entity
class Layer:
    """What a layer is, wherever it stands and is called.

    `spelling` are the names that parameters have in the document, by what operations call them.
    """

    type: str
    operation: Operation
    spelling: Mapping[str, str] = field(default_factory=dict)


@record
class Node:
    """One call of one layer.

    `number` tells layers apart: the calls of a shared layer have the same. `path` is where the
    layer's parameters stand in the document.
    """

    name: str
    layer: Layer
    reads: tuple[Ref, ...]
    number: int
    path: Path

    @property
    def type(self) -> str:
        """The layer's type, as the document has it."""
        return self.layer.type

    def place_of(self, parameter: str | None) -> str:
        """The JSON pointer of a parameter, by its neutral name; else of all of them."""
        spelt = self.layer.spelling.get(parameter or "")
        return pointer((*self.path, spelt) if spelt else self.path)


@record
class Network:
    """Inputs, nodes in an order in which each comes after what it reads, and outputs.

    The nodes are kept as columns, for mostly sums over one or two are wanted, and names and paths
    need not be made at all before somebody asks. `last_reads` says of each producer that is read
    which producer reads it last.
    """

    framework: str
    source: str
    inputs: tuple[Input, ...]
    layers: Sequence[Layer]
    reads: Sequence[tuple[Ref, ...]]
    last_reads: Mapping[int, int]
    outputs: tuple[Ref, ...]
    names: Sequence[str]
    numbers: Sequence[int]
    paths: Sequence[Path]

    def __len__(self) -> int:
        return len(self.layers)

    def node(self, index: int) -> Node:
        """One of the nodes."""
        return Node(
            self.names[index],
            self.layers[index],
            self.reads[index],
            self.numbers[index],
            self.paths[index],
        )

    def name_of(self, ref: Ref) -> str:
        """The name of a tensor."""
        own = len(self.inputs)
        name = (
            self.inputs[ref.producer].name if ref.producer < own else self.names[ref.producer - own]
        )
        return output_name(name, ref.output)


def output_name(producer: str, output: int) -> str:
    """How a report names a tensor: by its producer, with `:1` and up for further outputs."""
    return f"{producer}:{output}" if output else producer


def named(producers: Sequence[str], refs: Sequence[Ref]) -> tuple[str, ...]:
    """The names of tensors."""
    return tuple([output_name(producers[producer], output) for producer, output in refs])


def last_reads(reads: Sequence[tuple[Ref, ...]], inputs: int) -> dict[int, int]:
    """By producer, the last node that reads it, as the number that it has as a producer."""
    return {ref[0]: moment for moment, refs in enumerate(reads, inputs) for ref in refs}
