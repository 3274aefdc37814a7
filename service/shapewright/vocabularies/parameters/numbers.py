"""Integers and numbers, one or one for each axis."""

from __future__ import annotations

from math import inf
from typing import Any, Final

from shapewright.vocabularies.parameters.base import REQUIRED, Parameter, is_integer

LARGEST_INTEGER: Final = 2**31 - 1
LONGEST_LIST: Final = 4096
MOST_AXES: Final = 32
"""How many axes a parameter may name."""


class Integer(Parameter[int]):
    """An integer within bounds."""

    def __init__(
        self,
        default: Any = REQUIRED,
        *,
        minimum: int = -LARGEST_INTEGER,
        maximum: int = LARGEST_INTEGER,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        return f"an integer {bounds(self.minimum, self.maximum)}".rstrip()

    def value_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}

    def good(self, value: Any) -> bool:
        """Whether the value is an integer within the bounds."""
        return is_integer(value) and self.minimum <= value <= self.maximum

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not self.good(value):
            raise self.refuse(value)
        return int(value)


def bounds(minimum: float, maximum: float) -> str:
    """The bounds of an integer in words, without those that only keep it finite."""
    low = f">= {minimum}" if minimum > -LARGEST_INTEGER else ""
    high = f"<= {maximum}" if maximum < LARGEST_INTEGER else ""
    return " and ".join(filter(None, (low, high)))


class PerAxis(Parameter[tuple[int, ...]]):
    """One integer for each of `rank` axes, or one integer for all of them.

    A list of one stands for all axes too where `repeat` is set.
    """

    def __init__(
        self,
        rank: int,
        default: Any = REQUIRED,
        *,
        minimum: int = 1,
        repeat: bool = False,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.rank, self.item = rank, Integer(minimum=minimum)
        self.counts = sorted({1, rank}) if repeat else [rank]
        if is_integer(default):
            default = (default,) * rank
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        within = bounds(self.item.minimum, self.item.maximum)
        return f"an integer {within} or a list of {self.rank} of them".replace("  ", " ")

    def value_schema(self) -> dict[str, Any]:
        item = self.item.value_schema()
        several = [
            {"type": "array", "items": item, "minItems": count, "maxItems": count}
            for count in self.counts
        ]
        return {"anyOf": [item, *several]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[int, ...]:
        items = value if isinstance(value, list) and len(value) in self.counts else [value]
        if not all(map(self.item.good, items)):
            raise self.refuse(value)
        return tuple(items) if len(items) == self.rank else (items[0],) * self.rank


class Integers(Parameter[tuple[int, ...]]):
    """A list of integers; one integer stands for a list of one where `single` is set."""

    def __init__(
        self,
        default: Any = REQUIRED,
        *,
        minimum: int = -LARGEST_INTEGER,
        single: bool = False,
        shortest: int = 0,
        longest: int = LONGEST_LIST,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.item, self.single = Integer(minimum=minimum), single
        self.shortest, self.longest = shortest, longest
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        within = bounds(self.item.minimum, self.item.maximum)
        count = (
            f"{self.shortest}"
            if self.shortest == self.longest
            else f"{self.shortest} to {self.longest}"
        )
        several = f"a list of {count} integers {within}".rstrip()
        return f"an integer or {several}" if self.single else several

    def value_schema(self) -> dict[str, Any]:
        item = self.item.value_schema()
        several = {
            "type": "array",
            "items": item,
            "minItems": self.shortest,
            "maxItems": self.longest,
        }
        return {"anyOf": [item, several]} if self.single else several

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[int, ...]:
        if self.single and self.item.good(value):
            return (int(value),)
        if (
            isinstance(value, list)
            and self.shortest <= len(value) <= self.longest
            and all(map(self.item.good, value))
        ):
            return tuple(value)
        raise self.refuse(value)


class Number(Parameter[float]):
    """A finite number within inclusive bounds, or between exclusive ones."""

    def __init__(
        self,
        default: Any = REQUIRED,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        above: float | None = None,
        below: float | None = None,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.minimum, self.maximum, self.above, self.below = minimum, maximum, above, below
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        limits = (
            (">=", self.minimum),
            (">", self.above),
            ("<=", self.maximum),
            ("<", self.below),
        )
        words = " and ".join(f"{sign} {bound}" for sign, bound in limits if bound is not None)
        return f"a number {words}".rstrip()

    def value_schema(self) -> dict[str, Any]:
        limits = {
            "minimum": self.minimum,
            "exclusiveMinimum": self.above,
            "maximum": self.maximum,
            "exclusiveMaximum": self.below,
        }
        return {"type": "number", **{k: bound for k, bound in limits.items() if bound is not None}}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not -inf < value < inf
            or (self.minimum is not None and not value >= self.minimum)
            or (self.above is not None and not value > self.above)
            or (self.maximum is not None and not value <= self.maximum)
            or (self.below is not None and not value < self.below)
        ):
            raise self.refuse(value)
        return value
