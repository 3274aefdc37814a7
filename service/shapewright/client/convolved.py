"""What comes of a layer that was run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shapewright.client.records import Record, by, several
from shapewright.client.reports import Layer

if TYPE_CHECKING:
    from shapewright.client.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Record):
    """One output along an axis, and for each tap the input that it reads; `None` is padding."""

    output: int
    reads: tuple[int | None, ...] = field(metadata=by(tuple))


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples(Record):
    """The first, a middle and the last output along one axis of the input's shape."""

    axis: int
    windows: tuple[Sample, ...] = field(metadata=several(Sample))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convolved(Record):
    """The output of a layer on arrays, and what the report says of that layer.

    `shape_agrees` tells whether the output has the shape that was predicted. `mask` counts the taps
    on data of each place, without batch and channels, and `impulse` tells by axis what taps read;
    they are `None` unless they were asked for.
    """

    output: Array
    layer: Layer = field(metadata=by(Layer.read))
    shape_agrees: bool
    mask: Array | None = None
    impulse: tuple[Samples, ...] | None = field(default=None, metadata=several(Samples))

    __eq__ = object.__eq__  # arrays are equal element by element, not as a whole
    __hash__ = object.__hash__
