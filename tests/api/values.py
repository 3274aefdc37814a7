"""Strategies for the JSON values that a JSON Schema wants: the words that the catalogue uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Schema = Mapping[str, Any]
ANYTHING: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def values(schema: Schema) -> SearchStrategy[Any]:
    """Values of a schema; small numbers more often than large ones."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(choice) for choice in schema["anyOf"]])
    return OF_TYPE[schema["type"]](schema) if "type" in schema else ANYTHING


def _integers(schema: Schema) -> SearchStrategy[int]:
    low, high = schema.get("minimum", -(2**31)), schema.get("maximum", 2**31)
    near = max(low, -2)
    return st.integers(near, min(high, near + 8)) | st.integers(low, high)


def _arrays(schema: Schema) -> SearchStrategy[list[Any]]:
    shortest = schema.get("minItems", 0)
    longest = min(schema.get("maxItems", 6), shortest + 6)
    return st.lists(values(schema.get("items", {})), min_size=shortest, max_size=longest)


def _numbers(schema: Schema) -> SearchStrategy[float]:
    low, high = schema.get("minimum"), schema.get("maximum")
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def _objects(schema: Schema) -> SearchStrategy[dict[str, Any]]:
    """Every required property, and some of the others."""
    properties = schema.get("properties")
    if properties is None:
        return st.dictionaries(st.text(max_size=5), ANYTHING, max_size=3)
    required = {name: values(properties[name]) for name in schema.get("required", ())}
    optional = {name: values(inner) for name, inner in properties.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


OF_TYPE: Mapping[str, Callable[[Schema], SearchStrategy[Any]]] = {
    "array": _arrays,
    "boolean": lambda _: st.booleans(),
    "integer": _integers,
    "null": lambda _: st.none(),
    "number": _numbers,
    "object": _objects,
    "string": lambda _: st.text(max_size=8),
}
