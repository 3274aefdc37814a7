"""What the service says of a layer type."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapewright.client.records import Json, Record, by, several


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTypeSummary(Record):
    """A layer type in one line; `href` is the address of all that is known of it."""

    framework: str
    type: str
    aliases: tuple[str, ...] = field(metadata=by(tuple))
    summary: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerType(LayerTypeSummary):
    """All that is known of a layer type; `parameters` is a JSON Schema."""

    source: str
    arguments: tuple[str, ...] = field(metadata=by(tuple))
    parameters: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTypes(Record):
    """The catalogue."""

    layers: tuple[LayerTypeSummary, ...] = field(metadata=several(LayerTypeSummary))
