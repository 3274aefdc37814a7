"""Shapes as JSON: a list of integers and nulls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shape
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Limits
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import LARGEST_INTEGER, is_integer, quote


def read_shape(
    value: Any, path: Path, limits: Limits, faults: list[Fault], least: int = 1
) -> Shape:
    """The shape that a JSON value means; faults are added, and `()` stands for an unusable one."""
    if not isinstance(value, list):
        faults.append(Fault(path, f"needs a shape such as [null, 224, 224, 3], got {quote(value)}"))
        return ()
    if not least <= len(value) <= limits.rank:
        faults.append(Fault(path, f"a shape has {least} to {limits.rank} axes, got {len(value)}"))
        return ()
    return tuple(_dimension(item, (*path, index), faults) for index, item in enumerate(value))


def read_input_shapes(value: Any, limits: Limits | None = None) -> Mapping[str | None, Shape]:
    """A caller's `input_shape`: one shape (for the only input), a map of names to shapes, or null.

    Raises:
        InvalidDocument: it is none of these.
    """
    if value is None:
        return {}
    faults: list[Fault] = []
    given = value if isinstance(value, dict) else {None: value}
    shapes = {
        name: read_shape(shape, () if name is None else (name,), limits or Limits(), faults)
        for name, shape in given.items()
    }
    if faults:
        raise InvalidDocument(faults)
    return shapes


def _dimension(value: Any, path: Path, faults: list[Fault]) -> Dimension:
    if value is None:
        return UNKNOWN
    if is_integer(value) and 0 <= value <= LARGEST_INTEGER:
        return int(value)
    faults.append(
        Fault(
            path,
            f"a dimension is null or an integer from 0 to {LARGEST_INTEGER}, got {quote(value)}",
        )
    )
    return UNKNOWN
