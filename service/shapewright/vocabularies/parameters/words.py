"""Truth values, words, texts, and what is taken as it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapewright.vocabularies.parameters.base import REQUIRED, Parameter


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
        default: Any = REQUIRED,
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


class Ignored(Anything):
    """A parameter that the framework has but that changes no number here, such as an initializer.

    It is accepted with any value and not handed to the builder.
    """

    def __init__(self, default: Any = None, *, doc: str = "changes no shape and no count") -> None:
        super().__init__(default, doc=doc, nullable=True)


def ignored(*names: str) -> Mapping[str, Parameter[Any]]:
    """Several parameters that change no number."""
    return {name: Ignored() for name in names}
