"""The kinds of parameter that layers have: marshmallow fields that know their JSON Schema.

Each field checks one JSON value and gives an immutable Python value. A default is declared with
`default=`; a field without one is required. `null` is accepted where the default is `None`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from reprlib import Repr
from typing import Any, Final, TypeVar

from marshmallow import ValidationError, fields

from shapewright.operations.base import Operation

LARGEST_INTEGER: Final = 2**31 - 1
LONGEST_LIST: Final = 4096
MOST_AXES: Final = 32
"""How many axes a parameter may name."""
_REQUIRED: Final = object()

T = TypeVar("T")


class Parameter(fields.Field[T]):
    """One parameter of a layer; subclasses say how a value is read and how it is published."""

    def __init__(self, default: Any = _REQUIRED, *, doc: str = "", nullable: bool = False) -> None:
        self.doc = doc
        optional = default is not _REQUIRED
        super().__init__(
            required=not optional,
            allow_none=nullable or (optional and default is None),
            error_messages={
                "required": "this parameter is required",
                "null": f"needs {self.wanted()}, got null",
            },
            **({"load_default": default} if optional else {}),
        )

    def wanted(self) -> str:
        """What a good value is, in words."""
        raise NotImplementedError

    def value_schema(self) -> dict[str, Any]:
        """The JSON Schema of a good value, without default and null."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameter."""
        schema = self.value_schema()
        if self.allow_none:
            schema = {"anyOf": [schema, {"type": "null"}]}
        if self.doc:
            schema["description"] = self.doc
        if not self.required:
            schema["default"] = _as_json(self.load_default)
        return schema

    def refuse(self, value: object) -> ValidationError:
        """The error for a value that is not good."""
        return ValidationError(f"needs {self.wanted()}, got {quote(value)}")


def _as_json(value: Any) -> Any:
    return [_as_json(item) for item in value] if isinstance(value, tuple) else value


class _Short(Repr):
    """Looks at no more of a value than a message can show."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxdict = 16
        self.maxstring = self.maxother = 120


_SHORT: Final = _Short()


def quote(value: object) -> str:
    """A value as JSON-like text, cut to a length that fits a message."""
    words = {"True": "true", "False": "false", "None": "null"}
    text = _SHORT.repr(value)
    text = words.get(text, text)
    return text if len(text) <= 80 else f"{text[:77]}..."


def is_integer(value: object) -> bool:
    """Whether the value is an integer and not a truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


class Integer(Parameter[int]):
    """An integer within bounds."""

    def __init__(
        self,
        default: Any = _REQUIRED,
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
        default: Any = _REQUIRED,
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
        default: Any = _REQUIRED,
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
        default: Any = _REQUIRED,
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


class Pair(Parameter[tuple[Any, Any]]):
    """A list of two values, each of a kind of its own."""

    def __init__(
        self,
        first: Parameter[Any],
        second: Parameter[Any],
        default: Any = _REQUIRED,
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
            first, second = (
                kind.deserialize(item) for kind, item in zip(self.kinds, value, strict=True)
            )
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
            return tuple(map(self.kind.deserialize, value))
        except ValidationError:
            raise self.refuse(value) from None


class Flag(Parameter[bool]):
    """true or false."""

    def wanted(self) -> str:
        return "true or false"

    def value_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(value)
        return value


class Choice(Parameter[Any]):
    """One of a few words; `any_case` folds capitals as some framework classes do."""

    def __init__(
        self,
        *words: str,
        default: Any = _REQUIRED,
        any_case: bool = False,
        doc: str = "",
        nullable: bool = False,
    ) -> None:
        self.words, self.any_case = words, any_case
        super().__init__(default, doc=doc, nullable=nullable)

    def wanted(self) -> str:
        return "one of " + ", ".join(map(repr, self.words))

    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        word = value.lower() if self.any_case and isinstance(value, str) else value
        if not isinstance(word, str) or word not in self.words:
            raise self.refuse(value)
        return word


class Either(Parameter[Any]):
    """A value of the first of several kinds that takes it."""

    def __init__(
        self,
        *kinds: Parameter[Any],
        default: Any = _REQUIRED,
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
                return kind.deserialize(value)
            except ValidationError:
                continue
        raise self.refuse(value)


class Text(Parameter[str]):
    """Any string of a sane length."""

    def wanted(self) -> str:
        return "a string of at most 4096 characters"

    def value_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 4096}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) > 4096:
            raise self.refuse(value)
        return value


class Anything(Parameter[Any]):
    """Any JSON value, for builders that look for themselves and raise `ParameterError`."""

    def wanted(self) -> str:
        return "a value"

    def value_schema(self) -> dict[str, Any]:
        return {}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return value


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


class Ignored(Anything):
    """A parameter that the framework has but that changes no number here, such as an initializer.

    It is accepted with any value and not handed to the builder.
    """

    def __init__(self, default: Any = None, *, doc: str = "changes no shape and no count") -> None:
        super().__init__(default, doc=doc, nullable=True)


def ignored(*names: str) -> Mapping[str, Parameter[Any]]:
    """Several parameters that change no number."""
    return {name: Ignored() for name in names}
