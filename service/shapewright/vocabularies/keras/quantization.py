"""Quantized layers, whose weights Keras packs; they are reported as they are before that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.operations.base import Note, Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.parameters import Anything, Parameter, ignored


class Policy(Anything):
    """A `dtype` policy; its value is how weights are quantized, such as `int8`, or None."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if isinstance(value, str):
            before, quantized, _ = value.partition("_from_")
            return before if quantized else None
        config = value.get("config") if isinstance(value, dict) else None
        mode = config.get("mode") if isinstance(config, dict) else None
        return mode if isinstance(mode, str) else None


QUANTIZED: Final[Mapping[str, Parameter[Any]]] = {
    "dtype": Policy(None, doc="a policy that quantizes is noted, but changes no weight here"),
    **ignored("quantization_config"),
}


def noted(operation: Operation, dtype: str | None) -> Operation:
    """The operation, with a note if its weights are quantized."""
    if dtype is None:
        return operation
    message = (
        f"the weights are those before quantization to {dtype[:40]}, which packs them, "
        "adds scales and lets no kernel train"
    )
    return Sequence((operation, Elementwise(notes=(Note("quantized_weights", message),))))
