"""What comes of a layer that was run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapewright.client.records import Json
from shapewright.client.reports import Layer

if TYPE_CHECKING:
    from shapewright.client.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convolved:
    """The output of a layer on arrays, and what the report says of that layer.

    `shape_agrees` tells whether the output has the shape that was predicted. `mask` and `impulse`
    are `None` unless they were asked for. `raw` is all that is said beside the arrays.
    """

    output: Array
    layer: Layer
    shape_agrees: bool
    mask: Array | None
    impulse: Any
    raw: Json = field(repr=False)
