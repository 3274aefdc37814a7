"""Receptive fields through a graph: what every tensor of a network sees of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from shapewright.network.fields import NOTHING, Fields
from shapewright.network.network import Network, Ref
from shapewright.network.passing import through_each
from shapewright.network.step import Step
from shapewright.network.walk import Trace
from shapewright.record import record

MOST_POSITIONS: Final = 2**19
"""How many positions the fields of a whole network may have, summed over what each layer reads."""


@record
class Seen:
    """The fields of every tensor of a network, by producer and output, and of nested ones."""

    tensors: Sequence[tuple[Fields, ...]]
    inside: Mapping[int, Seen]

    def of(self, ref: Ref) -> Fields:
        """What one tensor sees."""
        return self.tensors[ref.producer][ref.output]

    def everything(self) -> set[Fields]:
        """The fields of all tensors, nested ones included."""
        return set(chain.from_iterable(self.tensors)).union(
            *(nested.everything() for nested in self.inside.values())
        )


@dataclass(slots=True)
class Room:
    """How many positions the fields of a network may still have; what finds no room is not told."""

    left: int = MOST_POSITIONS
    full: bool = False

    def passes(self, fed: Fields, step: Step) -> bool:
        """Whether a step leaves fields as they are, and there is room for them once more."""
        if step.kept is None or not fed.axes <= step.kept or fed.positions > self.left:
            return False
        self.left -= fed.positions
        return True

    def take(self, fed: Sequence[Fields]) -> bool:
        """Whether there is room for what a node makes of these; an empty one was given up."""
        needed = fed[0].positions if len(fed) == 1 else sum([one.positions for one in fed])
        if needed > self.left or NOTHING in fed:
            self.full = self.full or needed > self.left
            return False
        self.left -= needed
        return True


def fields_of(network: Network, trace: Trace, sources: Sequence[Fields], room: Room) -> Seen:
    """Carry the fields of the network's inputs through all nodes that could be inferred.

    Past `MOST_POSITIONS`, of the network and all that it holds, tensors have no fields.
    """
    tensors: list[tuple[Fields, ...]] = [(source,) for source in sources]
    inside: dict[int, Seen] = {}
    for index, (reads, step) in enumerate(zip(network.reads, trace.steps, strict=True)):
        if step is None:
            tensors.append(())
            continue
        before = tensors[reads[0].producer] if len(reads) == 1 else ()
        if len(before) == 1 and room.passes(before[0], step):
            tensors.append(before)
            continue
        fed = [tensors[producer][output] for producer, output in reads]
        if step.outcome.inside is not None:
            held = step.outcome.inside
            nested = fields_of(held.network, held.trace, fed, room)
            inside[index] = nested
            tensors.append(tuple(map(nested.of, held.network.outputs)))
        elif room.take(fed):
            tensors.append(through_each(fed, step))
        else:
            tensors.append((NOTHING,) * len(step.outputs))
    return Seen(tensors, inside)
