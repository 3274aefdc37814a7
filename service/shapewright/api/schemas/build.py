"""Short words for the pieces of JSON Schema (2020-12) that the published schemas are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]


def ref(name: str) -> Schema:
    """A schema of the document's components."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(
    doc: str, properties: dict[str, Schema], optional: Iterable[str] = (), *, closed: bool = False
) -> Schema:
    """An object; all properties are required but the optional ones.

    One that we read is closed where an unknown property is refused; one that we write is open,
    since properties may be added to it.
    """
    required = [name for name in properties if name not in set(optional)]
    return {
        "type": "object",
        "description": doc,
        "properties": properties,
        **({"required": required} if required else {}),
        **({"additionalProperties": False} if closed else {}),
    }


def array(items: Schema, doc: str = "", **bounds: int) -> Schema:
    """A list."""
    return said({"type": "array", "items": items, **bounds}, doc)


def mapping(values: Schema, doc: str = "", **bounds: int) -> Schema:
    """An object with names of the caller's choice."""
    return said({"type": "object", "additionalProperties": values, **bounds}, doc)


def text(doc: str = "", **more: Any) -> Schema:
    """A string."""
    return said({"type": "string", **more}, doc)


def count(doc: str = "") -> Schema:
    """A count that is always known."""
    return said({"type": "integer", "minimum": 0}, doc)


def open_count(doc: str = "") -> Schema:
    """A count that is null where it depends on an unknown dimension."""
    return said({"type": ["integer", "null"], "minimum": 0}, doc)


def flag(doc: str = "") -> Schema:
    """True or false."""
    return said({"type": "boolean"}, doc)


def nullable(schema: Schema) -> Schema:
    """The schema of one type, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def word(*words: str, doc: str = "") -> Schema:
    """One of a few words."""
    return said({"type": "string", "enum": list(words)}, doc)


def said(schema: Schema, doc: str) -> Schema:
    """The schema with a description."""
    return {**schema, "description": doc} if doc else schema
