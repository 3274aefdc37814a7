"""Receptive fields through a graph: what each tensor sees of each network input, axis by axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import is_known
from shapewright.arithmetic.reach import FURTHEST, IDENTITY, Reach, aligned, compose, unite
from shapewright.memo import remembered
from shapewright.network.network import Network, Ref
from shapewright.network.walk import Trace
from shapewright.operations.base import Link, Links, Outcome

MOST_POSITIONS: Final = 2**19
"""How many positions the fields of a whole network may have, summed over what each layer reads."""

MOST_STRIDES: Final = 8
"""How many strides the branches of one field may have before it is given up."""


@dataclass(frozen=True, slots=True)
class Along:
    """A network-input axis that a tensor still has as its own axis `axis`.

    `reaches` have different strides; there is more than one only where branches disagree. They
    are empty where no closed form exists.
    """

    axis: int
    reaches: tuple[Reach, ...] = (IDENTITY,)
    aligned: bool = True

    @property
    def short(self) -> bool:
        """Whether all its maps are worth remembering."""
        return all(reach.short for reach in self.reaches)

    def interval(self, output: int) -> tuple[int, int] | None:
        """First and last index that one output sees, unclipped; `None` if nobody can tell.

        Nor is an index told that passes `FURTHEST`.
        """
        seen = []
        for reach in self.reaches:
            if not is_known(reach.start):
                return None
            low, high = reach.interval(output)
            seen.append((reach.start + low, reach.start + high))
        if not seen:
            return None
        hull = min(low for low, _ in seen), max(high for _, high in seen)
        return hull if max(map(abs, hull)) <= FURTHEST else None


Sight: TypeAlias = Along | None
"""What a tensor sees along one axis of a network input; `None` is the whole axis."""

Field: TypeAlias = tuple[Sight, ...]
"""One for each axis of a network input, the batch axis included."""

Fields: TypeAlias = Mapping[int, Field]
"""By network input; a tensor that does not depend on an input has no field of it."""


def of_input(index: int, rank: int) -> Fields:
    """A network input sees itself."""
    return {index: tuple(Along(axis) for axis in range(rank))}


def through(fields: Sequence[Fields], links: Sequence[Links]) -> Fields:
    """What a node's outputs see: each input's fields through its links, then all united."""
    passed: dict[int, list[Field]] = {}
    for position, seen in enumerate(fields):
        own = links[position] if position < len(links) else None
        for source, field in seen.items():
            passed.setdefault(source, []).append(_pass(field, own))
    return {source: _unite(branches) for source, branches in passed.items()}


def _pass(field: Field, links: Links | None) -> Field:
    if links is None:
        return (None,) * len(field)
    return tuple(None if sight is None else _along(sight, links[sight.axis]) for sight in field)


def _along(sight: Along, link: Link | None) -> Sight:
    if link is None:
        return None
    if link.reach is IDENTITY:
        return sight if link.axis == sight.axis else Along(link.axis, sight.reaches, sight.aligned)
    if link.reach is None:
        return Along(link.axis, (), sight.aligned)
    composed = [compose(reach, link.reach) for reach in sight.reaches]
    reaches = tuple(reach for reach in composed if reach is not None)
    return Along(link.axis, reaches if len(reaches) == len(composed) else (), sight.aligned)


def _unite(branches: list[Field]) -> Field:
    first = branches[0]
    if all(branch == first for branch in branches):
        return first
    return tuple(map(_unite_axis, zip(*branches, strict=True)))


@remembered("fields", lambda united, sights: united is not None and _all_short((*sights, united)))
def _unite_axis(sights: tuple[Sight, ...]) -> Sight:
    known = [sight for sight in sights if sight is not None]
    if len(known) < len(sights) or len({sight.axis for sight in known}) > 1:
        return None
    reaches = [reach for sight in known for reach in sight.reaches]
    if not all(sight.reaches for sight in known):
        return Along(known[0].axis, (), all(sight.aligned for sight in known))
    agree = all(sight.aligned for sight in known) and all(
        aligned(reaches[0], reach) for reach in reaches[1:]
    )
    return Along(known[0].axis, _by_stride(reaches), agree)


def _all_short(sights: Sequence[Sight]) -> bool:
    return len(sights) <= MOST_STRIDES and all(sight is None or sight.short for sight in sights)


def _by_stride(reaches: Sequence[Reach]) -> tuple[Reach, ...]:
    groups: dict[Fraction, list[Reach]] = {}
    for reach in reaches:
        groups.setdefault(reach.stride, []).append(reach)
    united = [unite(group) for group in groups.values()]
    kept = tuple(reach for reach in united if reach is not None)
    return kept if len(kept) == len(united) <= MOST_STRIDES else ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two inputs of a node that see an axis of a network input unalike, by their positions."""

    source: int
    axis: int
    one: tuple[int, Reach]
    other: tuple[int, Reach]


def disagreements(fields: Sequence[Fields], links: Sequence[Links]) -> Iterator[Disagreement]:
    """For each axis, the first two of a node's inputs that are aligned by themselves only."""
    for source in sorted(set().union(*fields)):
        passed = [
            (position, _pass(seen[source], links[position]))
            for position, seen in enumerate(fields)
            if source in seen and position < len(links)
        ]
        for axis in range(len(passed[0][1]) if len(passed) > 1 else 0):
            known = [
                (position, sight.reaches[0])
                for position, field in passed
                if (sight := field[axis]) is not None and len(sight.reaches) == 1 and sight.aligned
            ]
            for other in known[1:]:
                if not aligned(known[0][1], other[1]):
                    yield Disagreement(source, axis, known[0], other)
                    break


# ---- a whole network ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """The fields of every tensor of a network, by producer and output, and of nested ones."""

    tensors: tuple[tuple[Fields, ...], ...]
    inside: Mapping[int, Seen]

    def of(self, ref: Ref) -> Fields:
        """What one tensor sees."""
        return self.tensors[ref.producer][ref.output]

    def everything(self) -> Iterator[Fields]:
        """The fields of all tensors, nested ones included."""
        for outputs in self.tensors:
            yield from outputs
        for nested in self.inside.values():
            yield from nested.everything()


@dataclass(slots=True)
class Room:
    """How many positions the fields of a network may still have; what finds no room is not told."""

    left: int = MOST_POSITIONS
    full: bool = False

    def take(self, fed: Sequence[Fields]) -> bool:
        """Whether there is room for what a node makes of these; an empty one was given up."""
        needed = sum(map(_positions, fed))
        if needed > self.left or not all(fed):
            self.full = self.full or needed > self.left
            return False
        self.left -= needed
        return True


def _positions(fields: Fields) -> int:
    """All positions of the periods of all reaches."""
    return sum(
        reach.period
        for field in fields.values()
        for sight in field
        if sight is not None
        for reach in sight.reaches
    )


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
        outcome = step.outcome
        fed = [tensors[ref.producer][ref.output] for ref in reads]
        if outcome.inside is not None:
            nested = fields_of(outcome.inside.network, outcome.inside.trace, fed, room)
            inside[index] = nested
            tensors.append(tuple(map(nested.of, outcome.inside.network.outputs)))
        elif room.take(fed):
            tensors.append(_through_each(fed, outcome))
        else:
            tensors.append(({},) * len(outcome.outputs))
    return Seen(tuple(tensors), inside)


def _through_each(fed: Sequence[Fields], outcome: Outcome) -> tuple[Fields, ...]:
    if outcome.split_links:
        return tuple(through(fed, links) for links in outcome.split_links)
    return (through(fed, outcome.links),) * len(outcome.outputs)
