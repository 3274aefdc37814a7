"""Keras's layers that bring several tensors together; each is called on a list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.merge import Broadcast, Concatenate
from shapewright.operations.product import BatchDot
from shapewright.vocabularies.call import Call, Slot
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.parameters import (
    LARGEST_INTEGER,
    Ignored,
    Integer,
    Parameter,
    PerAxis,
)


def _expect_list(call: Call) -> None:
    if any(isinstance(tensors, Slot) for tensors in call.bind(("inputs",)).values()):
        raise ParameterError("is called on a list of tensors, not on one tensor")


def elementwise(count: int | None, call: Call) -> Operation:
    """Add, Subtract, Multiply, Average, Maximum, Minimum; the batch is never stretched."""
    _expect_list(call)
    return Broadcast(count, batched=True, settle=False)


def concatenate(axis: int, call: Call) -> Operation:
    """Concatenate; what the first tensor leaves open on other axes stays open."""
    _expect_list(call)
    return Concatenate(axis, settle=False)


def dot(axes: tuple[int, ...], call: Call) -> Operation:
    """Dot; Keras holds an open size for another than a known one."""
    _expect_list(call)
    return BatchDot((axes[0], axes[1]), exact=True)


def _declare(
    name: str,
    summary: str,
    build: Callable[..., Operation],
    **parameters: Parameter[Any],
) -> LayerType:
    return declare(name, summary, f"merging/{name.lower()}.py", parameters, build, takes_list=True)


def _elementwise(name: str, result: str, count: int | None = None) -> LayerType:
    summary = f"{result}, element by element."
    return _declare(name, summary, partial(elementwise, count))


LAYERS = (
    _elementwise("Add", "The sum of several tensors"),
    _elementwise("Subtract", "One tensor less another", count=2),
    _elementwise("Multiply", "The product of several tensors"),
    _elementwise("Average", "The mean of several tensors"),
    _elementwise("Maximum", "The largest of several tensors"),
    _elementwise("Minimum", "The smallest of several tensors"),
    _declare(
        "Concatenate",
        "Several tensors end to end along one axis.",
        concatenate,
        axis=Integer(-1, doc="the axis along which they are laid"),
    ),
    _declare(
        "Dot",
        "Two tensors multiplied sample by sample and summed over one axis of each.",
        dot,
        axes=PerAxis(2, minimum=-LARGEST_INTEGER, doc="the axis of each that is summed"),
        normalize=Ignored(),
    ),
)
