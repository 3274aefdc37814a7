"""Calls in any order to a network in which each comes after what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias, TypeVar

from shapewright.formats.errors import InvalidDocument
from shapewright.network.network import Input, Layer, Network, Ref, last_reads
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault

T = TypeVar("T")

Row: TypeAlias = tuple[Layer, tuple[Ref, ...], str, int, Path]
"""A call: its layer, what it reads, and the layer's name, number and place."""


def assemble(
    framework: str,
    source: str,
    inputs: Sequence[Input],
    calls: Sequence[Row],
    outputs: Sequence[Ref],
) -> Network:
    """The network of calls in the order of a document; what they read may come after them.

    Raises:
        InvalidDocument: calls wait for each other in a circle.
    """
    layers, reads, names, numbers, paths = zip(*calls, strict=True) if calls else ((),) * 5
    network = Network(
        framework=framework,
        source=source,
        inputs=tuple(inputs),
        layers=layers,
        reads=reads,
        last_reads=last_reads(reads, len(inputs)),
        outputs=tuple(outputs),
        names=names,
        numbers=numbers,
        paths=paths,
    )
    ordered = all(ref[0] < own for own, refs in enumerate(reads, len(inputs)) for ref in refs)
    return network if ordered else in_order(network)


def alone(count: int) -> Sequence[tuple[Ref]]:
    """For each of so many producers the reference to its first output."""
    return _alone(count.bit_length())


@lru_cache(16)
def _alone(bits: int) -> list[tuple[Ref]]:
    return [(Ref(producer),) for producer in range(2**bits)]


def in_order(network: Network) -> Network:
    """The same network, its nodes in an order in which each comes after what it reads.

    The given order is kept as far as the data allows.

    Raises:
        InvalidDocument: nodes wait for each other in a circle.
    """
    own = len(network.inputs)
    order = _order(network)
    moved = [*range(own), *order]
    for position, index in enumerate(order, own):
        moved[own + index] = position

    def put(refs: Sequence[Ref]) -> tuple[Ref, ...]:
        return tuple([Ref(moved[ref.producer], ref.output) for ref in refs])

    def picked(column: Sequence[T]) -> list[T]:
        return [column[index] for index in order]

    reads = [put(network.reads[index]) for index in order]
    return replace(
        network,
        layers=picked(network.layers),
        reads=reads,
        last_reads=last_reads(reads, own),
        outputs=put(network.outputs),
        names=picked(network.names),
        numbers=picked(network.numbers),
        paths=picked(network.paths),
    )


def _order(network: Network) -> list[int]:
    """The indices of the nodes, each after those that it reads, depth first."""
    own = len(network.inputs)
    done = [True] * own + [False] * len(network)
    ordered: list[int] = []
    for start in range(len(network)):
        waiting, on_path = [start], set()
        while waiting:
            index = waiting[-1]
            reads = network.reads[index]
            missing = [ref.producer - own for ref in reads if not done[ref.producer]]
            if done[own + index]:
                waiting.pop()
            elif not missing:
                done[own + index] = True
                ordered.append(waiting.pop())
            elif index in on_path:
                name, path = network.names[index], network.paths[index]
                detail = f"`{name}` reads its own output, by way of other layers or directly"
                raise InvalidDocument([Fault(path, detail)])
            else:
                on_path.add(index)
                waiting.extend(reversed(missing))
    return ordered
