"""Receptive fields through one step: each input's through its links, then all united."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from shapewright.arithmetic.reach import IDENTITY, Reach, aligned, compose, unite
from shapewright.memo import Memo, remembered
from shapewright.network.fields import MOST_STRIDES, Along, Field, Fields, Sight
from shapewright.network.step import Step
from shapewright.operations.base import Link, Links
from shapewright.record import record

SEEN: Final[Memo[tuple[int, ...], Passed]] = Memo("fields")
"""What links made of fields; each keeps what it was asked for, so their `id`s stay theirs."""

_SAME: Final[Memo[tuple[tuple[int, Field], ...], Fields]] = Memo("fields")
"""One object for all equal fields that are small."""


@record
class Passed:
    """Fields that went through links, what came of them, and where they are not aligned."""

    fed: Sequence[Fields]
    links: Sequence[Links]
    fields: Fields
    disagreements: tuple[Disagreement, ...]


def through_each(fed: Sequence[Fields], step: Step) -> tuple[Fields, ...]:
    """What each output of a step sees."""
    if step.outcome.split_links:
        return tuple(_through(fed, links) for links in step.outcome.split_links)
    return (through(fed, step),) * len(step.outputs)


def through(fed: Sequence[Fields], step: Step) -> Fields:
    """What outputs see that do not differ in it."""
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
        apart = tuple(_disagreements(fed, links)) if len(fed) > 1 else ()
        known = Passed(fed, links, _through(fed, links), apart)
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


@record
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
