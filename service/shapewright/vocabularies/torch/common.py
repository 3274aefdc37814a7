"""What PyTorch's modules share: their layout, their per-axis parameters, and the declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import BatchOptional, fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Parameter, PerAxis, ignored

TREE: Final = "https://github.com/pytorch/pytorch/blob/v2.13.0/"

Ints = tuple[int, ...]

FACTORY: Final[Mapping[str, Parameter[Any]]] = ignored("device", "dtype")
"""What every module with weights of its own may be given."""

INPLACE: Final[Mapping[str, Parameter[Any]]] = ignored("inplace")


def declare(
    name: str,
    summary: str,
    source: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation],
    **more: Any,
) -> LayerType:
    """A PyTorch layer type; `source` is the path below `torch/nn/modules/`."""
    return LayerType(name, summary, f"{TREE}torch/nn/modules/{source}", parameters, build, **more)


def layout(rank: int) -> Layout:
    """Channels stand before the spatial axes."""
    return Layout(rank, channels_last=False)


def batch_optional(operation: Operation, rank: int, *, may_be_empty: bool = False) -> Operation:
    """The operation on `rank` spatial axes, with and without the batch axis."""
    return BatchOptional(operation, rank + 2, layout(rank).axes, may_be_empty)


def per_axis(rank: int, *default: Any, minimum: int = 1, doc: str) -> PerAxis:
    """A number for each spatial axis; PyTorch lets a list of one stand for all axes."""
    return PerAxis(rank, *default, minimum=minimum, repeat=True, doc=doc)


def symmetric(padding: Ints) -> tuple[tuple[int, int], ...]:
    """One amount for both sides of each axis."""
    return tuple((amount, amount) for amount in padding)


def weights(**shapes: Ints | None) -> tuple[WeightTemplate, ...]:
    """Weights in PyTorch's order; one without a shape is not there."""
    return tuple(WeightTemplate(name, shape) for name, shape in shapes.items() if shape is not None)


def constant(call: Call, name: str, kind: Parameter[Any]) -> Any:
    """A constant that the module is called with; None where it is not given.

    Raises:
        ParameterError: it is not a value of its kind.
    """
    value = call.named.get(name)
    if value is None:
        return None
    try:
        return kind.deserialize(value)
    except ValidationError as error:
        raise ParameterError(f"the call's {name} {error.messages[0]}", name) from None


def fed_by_name(
    operation: Operation, call: Call, names: Sequence[str], beside: Sequence[str] = ()
) -> Operation:
    """The operation fed with the tensors of the call's arguments, in the order of their names.

    Tensors `beside` them may be given too, such as masks, which change no size.

    Raises:
        ParameterError: a tensor is given for an argument that does not exist.
    """
    given = call.bind((*names, *beside))
    tensors = {name: slots(tree) for name, tree in given.items() if slots(tree)}
    unknown = [name for name in tensors if name not in (*names, *beside)]
    if unknown:
        raise ParameterError(f"has no argument `{unknown[0]}`; it has {', '.join(names)}")
    operands = tuple(slot for name in names for slot in tensors.get(name, ()))
    return fed(operation, operands, sum(map(len, tensors.values())))
