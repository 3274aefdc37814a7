"""What a caller says of a network's inputs in place of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapewright.arithmetic.dimension import Shape
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.network.network import Network
from shapewright.vocabularies.errors import Fault


def with_overrides(network: Network, options: Options) -> Network:
    """The network with the input shapes that the options give.

    Raises:
        InvalidDocument: a shape for an input that does not exist, or for one of several.
    """
    given = overrides([tensor.name for tensor in network.inputs], options)
    inputs = (
        replace(tensor, shape=given.get(tensor.name, tensor.shape)) for tensor in network.inputs
    )
    return replace(network, inputs=tuple(inputs))


def overrides(names: Sequence[str], options: Options) -> Mapping[str, Shape]:
    """The shapes that the options give, by the names of a network's inputs.

    Raises:
        InvalidDocument: a shape for an input that does not exist, or for one of several.
    """
    given = {
        names[0] if name is None and len(names) == 1 else name: shape
        for name, shape in options.input_shapes.items()
    }
    faults = [Fault((), _unknown(name, names)) for name in given if name not in names]
    if faults:
        raise InvalidDocument(faults)
    return {name: shape for name, shape in given.items() if name is not None}


def _unknown(name: str | None, names: Sequence[str]) -> str:
    known = ", ".join(f"`{known}`" for known in names)
    if name is None:
        return f"one input shape was given, but the model has {len(names)} inputs: {known}"
    return f"a shape was given for `{name}`, but the model's inputs are {known}"
