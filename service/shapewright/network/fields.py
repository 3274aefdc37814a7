"""Receptive fields through a graph: what each tensor sees of each network input, axis by axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import is_known
from shapewright.arithmetic.reach import FURTHEST, IDENTITY, Reach, aligned, compose, unite
from shapewright.memo import Memo, remembered
from shapewright.network.network import Network, Ref
from shapewright.network.step import Step
from shapewright.network.walk import Trace
from shapewright.operations.base import Link, Links

MOST_POSITIONS: Final = 2**19
"""How many positions the fields of a whole network may have, summed over what each layer reads."""

SHORTEST: Final = 256
"""How many positions fields have at most that are worth remembering."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """What a tensor sees of each of the network's inputs that it depends on.

    `axes` are those of the tensor that go back to an axis of an input; the others see the whole.
    `positions` are those of the periods of all maps, `worked` the axes, by input, that some
    layer slid, padded or resized. They are `steady` if what can be said of them does not depend on
    the tensor's sizes.
    """

    by_input: Mapping[int, Field]
    axes: frozenset[int]
    positions: int
    worked: frozenset[tuple[int, int]]
    steady: bool

    @classmethod
    def of(cls, by_input: Mapping[int, Field]) -> Fields:
        """The fields with what is counted of them once."""
        sights = [
            (source, axis, sight)
            for source, field in by_input.items()
            for axis, sight in enumerate(field)
            if sight is not None
        ]
        return cls(
            by_input=by_input,
            axes=frozenset(sight.axis for *_, sight in sights),
            positions=sum(reach.period for *_, sight in sights for reach in sight.reaches),
            worked=frozenset(
                (source, axis)
                for source, axis, sight in sights
                if any(reach is not IDENTITY for reach in sight.reaches)
            ),
            steady=all(len(sight.reaches) <= 1 for *_, sight in sights),
        )

    @property
    def short(self) -> bool:
        """Whether they are worth remembering."""
        return len(self.by_input) <= MOST_STRIDES and self.positions <= SHORTEST


NOTHING: Final = Fields.of({})
"""The fields of a tensor that found no room, or depends on no input."""

SEEN: Final[Memo[tuple[int, ...], Passed]] = Memo("fields")
"""What links made of fields; each keeps what it was asked for, so their `id`s stay theirs."""

_SAME: Final[Memo[tuple[tuple[int, Field], ...], Fields]] = Memo("fields")
"""One object for all equal fields that are small."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Fields that went through links, what came of them, and where they are not aligned."""

    fed: Sequence[Fields]
    links: Sequence[Links]
    fields: Fields
    disagreements: tuple[Disagreement, ...]


@lru_cache(256)
def of_input(index: int, rank: int) -> Fields:
    """A network input sees itself."""
    return Fields.of({index: tuple(Along(axis) for axis in range(rank))})


def through(fed: Sequence[Fields], step: Step) -> Fields:
    """What a step's outputs see."""
    if len(fed) == 1 and fed[0].axes <= step.kept:
        return fed[0]
    return _passed(fed, step).fields


def disagreements(fed: Sequence[Fields], step: Step) -> tuple[Disagreement, ...]:
    """For each axis, the first two of a step's inputs that are aligned by themselves only."""
    return _passed(fed, step).disagreements


def _passed(fed: Sequence[Fields], step: Step) -> Passed:
    """What a step makes of fields; asked again, it answers from memory."""
    key = (id(step.links), *map(id, fed))
    known = SEEN.get(key)
    if known is None:
        links = step.links
        known = Passed(fed, links, _through(fed, links), tuple(_disagreements(fed, links)))
        if step.small and all(fields.short for fields in (*fed, known.fields)):
            SEEN.keep(key, known)
    return known


def _through(fed: Sequence[Fields], links: Sequence[Links]) -> Fields:
    """Each input's fields through its links, then all united."""
    passed: dict[int, list[Field]] = {}
    for position, fields in enumerate(fed):
        own = links[position] if position < len(links) else None
        for source, field in fields.by_input.items():
            passed.setdefault(source, []).append(_pass(field, own))
    united = Fields.of({source: _unite(branches) for source, branches in passed.items()})
    if not united.short:
        return united
    key = tuple(united.by_input.items())
    return _SAME.get(key) or _SAME.keep(key, united)


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


def _disagreements(fed: Sequence[Fields], links: Sequence[Links]) -> Iterator[Disagreement]:
    """For each axis, the first two of a node's inputs that are aligned by themselves only."""
    for source in sorted(set().union(*(fields.by_input for fields in fed))):
        passed = [
            (position, _pass(fields.by_input[source], links[position]))
            for position, fields in enumerate(fed)
            if source in fields.by_input and position < len(links)
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
        fed = [tensors[producer][output] for producer, output in reads]
        if step.outcome.inside is not None:
            held = step.outcome.inside
            nested = fields_of(held.network, held.trace, fed, room)
            inside[index] = nested
            tensors.append(tuple(map(nested.of, held.network.outputs)))
        elif room.take(fed):
            tensors.append(_through_each(fed, step))
        else:
            tensors.append((NOTHING,) * len(step.outputs))
    return Seen(tensors, inside)


def _through_each(fed: Sequence[Fields], step: Step) -> tuple[Fields, ...]:
    if step.outcome.split_links:
        return tuple(_through(fed, links) for links in step.outcome.split_links)
    return (through(fed, step),) * len(step.outputs)
