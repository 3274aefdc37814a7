"""A shape as a parameter, some sizes of which may be left open."""

from __future__ import annotations

from typing import Any

from shapewright.arithmetic.dimension import UNKNOWN, Shape
from shapewright.vocabularies.parameters import MOST_AXES, Integer, Parameter


class Sizes(Parameter[Shape]):
    """A list of integers and nulls; null leaves a size open.

    One integer stands for a list of one where `single` is set.
    """

    def __init__(self, *, minimum: int, single: bool = False, **more: Any) -> None:
        self.item, self.single = Integer(minimum=minimum), single
        super().__init__(**more)

    def wanted(self) -> str:
        several = f"a list of integers >= {self.item.minimum} and nulls"
        return f"an integer or {several}" if self.single else several

    def value_schema(self) -> dict[str, Any]:
        item = self.item.value_schema()
        items = {"anyOf": [item, {"type": "null"}]}
        several = {"type": "array", "items": items, "maxItems": MOST_AXES}
        return {"anyOf": [item, several]} if self.single else several

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Shape:
        items = [value] if self.single and self.item.good(value) else value
        if (
            not isinstance(items, list)
            or len(items) > MOST_AXES
            or not all(item is None or self.item.good(item) for item in items)
        ):
            raise self.refuse(value)
        return tuple(UNKNOWN if item is None else item for item in items)
