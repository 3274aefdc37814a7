"""Layers as parameters of the layers around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapewright.operations.base import Operation
from shapewright.vocabularies.parameters.base import Parameter


@dataclass(frozen=True)
class InnerLayer:
    """A layer inside a layer, already built: what a wrapper gets to see of the one it wraps."""

    type: str
    name: str
    operation: Operation
    values: Mapping[str, Any]


class Layer(Parameter[InnerLayer]):
    """A whole layer as the parameter of another.

    Reading one may need the whole network format, so the reader above builds it and hands over an
    `InnerLayer` in its place; `Layers` is a list of them.
    """

    def wanted(self) -> str:
        return "a layer"

    def value_schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> InnerLayer:
        if not isinstance(value, InnerLayer):
            raise self.refuse(value)
        return value


class Layers(Parameter[tuple[InnerLayer, ...]]):
    """A list of layers as the parameter of another."""

    def wanted(self) -> str:
        return "a list of layers"

    def value_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(i, InnerLayer) for i in value):
            raise self.refuse(value)
        return tuple(value)
