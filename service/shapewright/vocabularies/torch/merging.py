"""PyTorch's functions of several tensors: sums, products and concatenations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.merge import Broadcast, Concatenate
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Integer, Number, Parameter, ignored
from shapewright.vocabularies.torch.common import TREE

ARITHMETIC: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "add": ("Two tensors, or a tensor and a number, added.", ("alpha",)),
    "sub": ("A tensor or a number subtracted from a tensor.", ("alpha",)),
    "mul": ("Two tensors, or a tensor and a number, multiplied.", ()),
    "div": ("A tensor divided by a tensor or a number.", ("rounding_mode",)),
}


def arithmetic(other: float | None) -> Operation:
    """add, sub, mul, div: shapes are broadcast against each other; a number fits all."""
    return Broadcast(count=2) if other is None else Elementwise()


def concatenation(dim: int) -> Operation:
    """The function `cat`."""
    return Concatenate(dim)


def _function(
    name: str,
    summary: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation],
    **more: Any,
) -> LayerType:
    return LayerType(name, summary, f"{TREE}torch/_torch_docs.py", parameters, build, **more)


LAYERS = (
    *(
        _function(
            name,
            summary,
            {"other": Number(None, doc="a number in place of a second tensor"), **ignored(*rest)},
            arithmetic,
        )
        for name, (summary, rest) in ARITHMETIC.items()
    ),
    _function(
        "cat",
        "Tensors laid end to end along one axis, equal on all others.",
        {"dim": Integer(0, doc="the axis, from either end")},
        concatenation,
        spelling={"axis": "dim"},
    ),
)

ALIASES = {"concat": "cat", "concatenate": "cat"}
