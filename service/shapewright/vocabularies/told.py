"""Parameters that arrays tell by the sizes of their axes, so that nobody need say them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapewright.record import record
from shapewright.vocabularies.parameters import is_integer


@record
class Told:
    """A parameter that the sizes of some axes of an array tell; one axis tells an integer.

    The array `part` has so many axes as one of `ranks` says. `times` is another parameter by which
    the size is multiplied, 1 where it is left out.
    """

    part: str
    axes: int | slice
    ranks: tuple[int, ...]
    times: str | None = None

    def value(self, shape: tuple[int, ...], parameters: Mapping[str, Any]) -> int | list[int]:
        """The parameter, as it stands in a document, for an array of this shape."""
        if isinstance(self.axes, slice):
            return list(shape[self.axes])
        factor = parameters.get(self.times or "", 1)
        return shape[self.axes] * (factor if is_integer(factor) else 1)
