"""Parameters made of others: pairs, lists, and one kind or another."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError

from shapewright.vocabularies.parameters.base import REQUIRED, Parameter
from shapewright.vocabularies.parameters.numbers import LONGEST_LIST


class Pair(Parameter[tuple[Any, Any]]):
    """A list of two values, each of a kind of its own."""

    def __init__(
        self,
        first: Parameter[Any],
        second: Parameter[Any],
        default: Any = REQUIRED,
        *,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.kinds = (first, second)
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        return "a list of {} and {}".format(*(kind.wanted() for kind in self.kinds))

    def value_schema(self) -> dict[str, Any]:
        items = [kind.value_schema() for kind in self.kinds]
        return {"type": "array", "prefixItems": items, "minItems": 2, "maxItems": 2}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Any, Any]:
        if not isinstance(value, list) or len(value) != 2:
            raise self.refuse(value)
        try:
            first, second = (kind.read(item) for kind, item in zip(self.kinds, value, strict=True))
        except ValidationError:
            raise self.refuse(value) from None
        return first, second


class Several(Parameter[tuple[Any, ...]]):
    """A list of values of one kind."""

    def __init__(
        self,
        kind: Parameter[Any],
        *,
        shortest: int = 0,
        longest: int = LONGEST_LIST,
        doc: str = "",
    ) -> None:
        self.kind, self.shortest, self.longest = kind, shortest, longest
        super().__init__(doc=doc)

    def wanted(self) -> str:
        count = (
            f"{self.shortest} to {self.longest}" if self.shortest < self.longest else self.longest
        )
        return f"a list of {count}, each {self.kind.wanted()}"

    def value_schema(self) -> dict[str, Any]:
        items = self.kind.json_schema()
        return {
            "type": "array",
            "items": items,
            "minItems": self.shortest,
            "maxItems": self.longest,
        }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not self.shortest <= len(value) <= self.longest:
            raise self.refuse(value)
        try:
            return tuple(map(self.kind.read, value))
        except ValidationError:
            raise self.refuse(value) from None


class Either(Parameter[Any]):
    """A value of the first of several kinds that takes it."""

    def __init__(
        self,
        *kinds: Parameter[Any],
        default: Any = REQUIRED,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.kinds = kinds
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        return ", or ".join(kind.wanted() for kind in self.kinds)

    def value_schema(self) -> dict[str, Any]:
        return {"anyOf": [kind.value_schema() for kind in self.kinds]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        for kind in self.kinds:
            try:
                return kind.read(value)
            except ValidationError:
                continue
        raise self.refuse(value)
