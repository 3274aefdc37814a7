"""What a tensor sees of each network input, axis by axis: its receptive fields as values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import is_known
from shapewright.arithmetic.reach import FURTHEST, IDENTITY, Reach
from shapewright.record import entity, record

SHORTEST: Final = 256
"""How many positions fields have at most that are worth remembering."""

MOST_STRIDES: Final = 8
"""How many strides the branches of one field may have before it is given up."""


@record
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


@entity
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


@lru_cache(256)
def of_input(index: int, rank: int) -> Fields:
    """A network input sees itself."""
    return Fields.of({index: tuple(Along(axis) for axis in range(rank))})
