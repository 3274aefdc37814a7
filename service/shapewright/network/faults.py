"""Faults with a place: which layer does not accept what arrives, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.arithmetic.dimension import Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.differences import Divergence


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """A layer that does not accept what arrives.

    `place` is a JSON pointer into the document; `index`, `name`, `type` say which layer. For a
    merge whose branches do not fit, `diverged` tells how that came about.
    """

    place: str
    detail: str
    index: int
    name: str
    type: str
    input_shapes: Shapes
    cause: ShapeError
    diverged: Divergence | None = None


class NestedFaults(ShapeError):
    """Faults inside a nested network, each with its own place."""

    def __init__(self, faults: tuple[ShapeFault, ...]) -> None:
        super().__init__("; ".join(fault.detail for fault in faults))
        self.faults = faults
