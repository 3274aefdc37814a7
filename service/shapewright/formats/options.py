"""What a caller may ask for beside the document, and the bounds that hold for every document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapewright.arithmetic.dimension import Shape


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a document; past each there is a fault, never a slow answer."""

    layers: int = 10_000
    nesting: int = 16
    rank: int = 16
    json_bytes: int = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a document.

    `input_shapes` override the document's own, by input name (`None` for the only input);
    `unknown_as_identity` lets layer types that nobody knows pass shapes through.
    """

    input_shapes: Mapping[str | None, Shape] = field(default_factory=dict)
    unknown_as_identity: bool = False
    limits: Limits = field(default_factory=Limits)
