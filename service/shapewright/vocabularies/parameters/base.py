"""What every kind of parameter is, and how values stand in messages."""

from __future__ import annotations

from reprlib import Repr
from typing import Any, Final, TypeVar

from marshmallow import ValidationError, fields

REQUIRED: Final = object()
"""Stands for a default that a parameter does not have."""

T = TypeVar("T")


class Parameter(fields.Field[T]):
    """One parameter of a layer; subclasses say how a value is read and how it is published."""

    def __init__(self, default: Any = REQUIRED, *, doc: str = "", nullable: bool = False) -> None:
        self.doc = doc
        optional = default is not REQUIRED
        super().__init__(
            required=not optional,
            allow_none=nullable or (optional and default is None),
            error_messages={
                "required": "this parameter is required",
                "null": f"needs {self.wanted()}, got null",
            },
            **({"load_default": default} if optional else {}),
        )

    def read(self, value: Any) -> T | None:
        """The same as `deserialize` for a value that is given: no parameter has hooks to call."""
        return self.deserialize(None) if value is None else self._deserialize(value, None, None)

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
