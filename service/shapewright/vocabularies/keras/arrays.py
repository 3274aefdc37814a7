"""Arrays of numbers as parameters: all that matters of them here is their shape."""

from __future__ import annotations

from typing import Any, Final

from shapewright.vocabularies.parameters import Parameter

DEEPEST: Final = 8
"""How many axes an array may have."""

SERIALIZED: Final = ("__numpy__", "__tensor__")
"""The class names under which Keras writes arrays of its own; the numbers are in `config.value`."""


class Array(Parameter[tuple[int, ...]]):
    """A number, or lists of numbers in lists; the value is the shape.

    With `rank` the lists nest that deep and no other.
    """

    def __init__(self, *default: float | None, rank: int | None = None, doc: str = "") -> None:
        self.rank, self.default = rank, default
        super().__init__(*(None if number is None else () for number in default), doc=doc)

    def wanted(self) -> str:
        if self.rank == 1:
            return "a list of numbers"
        return "a number, or a list of numbers, or lists of equal lengths of them"

    def value_schema(self) -> dict[str, Any]:
        numbers = {"type": "array", "items": {"type": "number"}}
        written = {
            "type": "object",
            "properties": {"class_name": {"enum": list(SERIALIZED)}, "config": {"type": "object"}},
            "required": ["class_name", "config"],
        }
        if self.rank == 1:
            return {"anyOf": [numbers, written]}
        return {"anyOf": [{"type": "number"}, {"type": "array"}, written]}

    def json_schema(self) -> dict[str, Any]:
        schema = super().json_schema()
        if self.default:
            schema["default"] = self.default[0]
        return schema

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[int, ...]:
        shape = shape_of(_unwrapped(value), DEEPEST)
        if shape is None or self.rank not in (None, len(shape)):
            raise self.refuse(value)
        return shape


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict) and value.get("class_name") in SERIALIZED:
        config = value.get("config")
        return config.get("value") if isinstance(config, dict) else None
    return value


def shape_of(value: Any, deepest: int) -> tuple[int, ...] | None:
    """The shape of numbers in nested lists; `None` if they are ragged, too deep or no numbers."""
    if not isinstance(value, list):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return () if is_number else None
    if deepest == 0:
        return None
    shapes = {shape_of(item, deepest - 1) for item in value} or {()}
    inner = shapes.pop()
    return None if shapes or inner is None else (len(value), *inner)
