"""How Keras's operations are declared, and how they take what they are called with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from marshmallow import ValidationError

from shapewright.arithmetic.dimension import Shape
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.wrapper import fed
from shapewright.vocabularies.call import Call, Slot, slots
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import SOURCE as KERAS
from shapewright.vocabularies.parameters import MOST_AXES, Flag, Integers, Parameter

SOURCE: Final = f"{KERAS}ops/"

SPELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "axis": ("axis", "axes"),
    "count": ("num",),
    "factor": ("block_size",),
    "kernel_size": ("pool_size",),
    "pieces": ("indices_or_sections",),
    "subscripts": ("subscripts",),
    "target": ("newshape",),
}
"""The names that a parameter has in Keras's operations, by its neutral name."""

Ints: TypeAlias = tuple[int, ...]


def declare(
    name: str,
    summary: str,
    source: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation],
    *arguments: str,
) -> LayerType:
    """An operation on the tensors `arguments`; `source` is the file below `keras/src/ops/`.

    `build` gets the parameters and gives what becomes of those tensors.
    """
    return LayerType(
        name,
        summary,
        SOURCE + source,
        parameters,
        partial(_fed, build, arguments),
        arguments=arguments,
        spelling=spelling(parameters),
    )


def spelling(parameters: Mapping[str, Parameter[Any]]) -> dict[str, str]:
    """What an operation calls the parameters at which faults point."""
    return {
        neutral: name for neutral, names in SPELLING.items() for name in names if name in parameters
    }


def _fed(
    build: Callable[..., Operation], arguments: tuple[str, ...], call: Call, **parameters: Any
) -> Operation:
    bound = call.bind(arguments)
    operands: list[int | Shape] = []
    for name in arguments:
        if bound.get(name) is None:
            raise ParameterError(f"needs the tensor `{name}`")
        operands.extend(_operands(bound[name]))
    return fed(build(**parameters), tuple(operands), call.count)


def _operands(value: Any) -> Iterator[int | Shape]:
    """The numbers of the tensors in an argument, or the shape of a constant."""
    if isinstance(value, tuple) and slots(value):
        for item in value:
            yield from _operands(item)
    else:
        yield value.index if isinstance(value, Slot) else _shape(value)


def _shape(value: Any) -> Shape:
    """The shape of numbers in nested lists, by their first elements."""
    shape: list[int] = []
    while isinstance(value, tuple):
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def axes(default: Any = None) -> Parameter[Any]:
    """The `axis` parameter of an operation along any number of axes; null is all of them."""
    return Integers(default, single=True, longest=MOST_AXES, nullable=True, doc="along which axes")


def some_axes() -> Parameter[Any]:
    """A parameter that names one axis or more."""
    return Integers(single=True, shortest=1, longest=MOST_AXES, doc="which axes")


def keepdims() -> Parameter[Any]:
    """The `keepdims` parameter."""
    return Flag(False, doc="leave the axes, with size 1")


class Pairs(Parameter[tuple[Ints, ...]]):
    """A list of pairs of integers, one for each axis; a list of one integer is twice the same."""

    _sides = Integers(minimum=0, shortest=1, longest=2)

    def wanted(self) -> str:
        return f"a list of 1 to {MOST_AXES} pairs of integers >= 0"

    def value_schema(self) -> dict[str, Any]:
        items = self._sides.value_schema()
        return {"type": "array", "items": items, "minItems": 1, "maxItems": MOST_AXES}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Ints, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_AXES:
            raise self.refuse(value)
        sides: list[Ints]
        try:
            sides = [self._sides.deserialize(item) or () for item in value]
        except ValidationError:
            raise self.refuse(value) from None
        return tuple(pair if len(pair) == 2 else pair * 2 for pair in sides)
