"""Calls in any order to a network in which each comes after what it reads."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias, TypeVar

from shapewright.formats.errors import InvalidDocument
from shapewright.network.network import Input, Layer, Network, Ref, last_reads
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault

T = TypeVar("T")

Key: TypeAlias = Hashable
Source: TypeAlias = tuple[Key, int]
"""A producer's key and the number of its output."""


@dataclass(frozen=True, slots=True)
class PendingInput:
    """A network input under the key by which calls refer to it."""

    key: Key
    input: Input


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A call whose sources are keys still, as it stands in a document at `path`."""

    key: Key
    name: str
    layer: Layer
    sources: tuple[Source, ...]
    number: int
    path: Path


def assemble(
    framework: str,
    source: str,
    inputs: Sequence[PendingInput],
    calls: Sequence[PendingCall],
    outputs: Sequence[Source],
) -> Network:
    """The network of calls that name what they read.

    Raises:
        InvalidDocument: calls wait for each other in a circle.
    """
    keys = chain((item.key for item in inputs), (call.key for call in calls))
    numbers = {key: number for number, key in enumerate(keys)}

    def refs(sources: Sequence[Source]) -> tuple[Ref, ...]:
        return tuple([Ref(numbers[key], output) for key, output in sources])

    return in_order(
        Network(
            framework=framework,
            source=source,
            inputs=tuple(item.input for item in inputs),
            layers=[call.layer for call in calls],
            reads=[refs(call.sources) for call in calls],
            last_reads={},
            outputs=refs(outputs),
            names=[call.name for call in calls],
            numbers=[call.number for call in calls],
            paths=[call.path for call in calls],
        )
    )


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
