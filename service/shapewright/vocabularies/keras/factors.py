"""How strongly images are changed: the parameters that Keras's augmentations share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.vocabularies.parameters import (
    Choice,
    Either,
    Ignored,
    Integer,
    Number,
    Pair,
    Parameter,
)

VALUE_RANGE: Final[Mapping[str, Parameter[Any]]] = {
    "value_range": Pair(
        Number(), Number(), (0, 255), doc="the least and the greatest value of a pixel"
    )
}

STRENGTH: Final = "how strong the change is: a number, or the least and the most"


def strength(low: float, high: float, **more: Any) -> Parameter[Any]:
    """A number within bounds, or two of which the first may be too low and the second too high."""
    two = Pair(Number(maximum=high), Number(minimum=low))
    return Either(Number(minimum=low, maximum=high), two, doc=STRENGTH, **more)


def strict_strength(
    low: float | None,
    high: float,
    *,
    above: float | None = None,
    lowest: float | None = None,
    **more: Any,
) -> Parameter[Any]:
    """A number within bounds, or two such numbers.

    `lowest` bounds the first of two, where Keras writes `[-factor, factor]` for `factor`.
    """
    one = Number(minimum=low, maximum=high, above=above)
    first = one if lowest is None else Number(minimum=lowest, maximum=high)
    return Either(one, Pair(first, one), doc=STRENGTH, **more)


class Odd(Integer):
    """A positive odd integer."""

    def __init__(self) -> None:
        super().__init__(minimum=1)

    def wanted(self) -> str:
        return "an odd integer >= 1"

    def value_schema(self) -> dict[str, Any]:
        return {**super().value_schema(), "not": {"multipleOf": 2}}

    def good(self, value: Any) -> bool:
        return super().good(value) and value % 2 == 1


def interpolation() -> Mapping[str, Parameter[Any]]:
    """How values between pixels are found."""
    return {"interpolation": Choice("nearest", "bilinear", default="bilinear")}


def _fill(*modes: str) -> Mapping[str, Parameter[Any]]:
    """What comes in from outside of the image."""
    mode = Choice(*modes, default="reflect", doc="what comes in from outside of the image")
    return {"fill_mode": mode, "fill_value": Ignored(0.0)}


WARP: Final = {**_fill("reflect", "wrap", "constant", "nearest"), **interpolation()}
FILL: Final = _fill("reflect", "wrap", "constant", "nearest", "mirror")
