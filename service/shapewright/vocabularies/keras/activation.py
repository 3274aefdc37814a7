"""Keras's activation functions, as a parameter of other layers and as layers of their own."""

from __future__ import annotations

from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Parameter

NAMES: Final = frozenset(
    [
        "celu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
    ]
)
"""`keras.activations.ALL_OBJECTS_DICT`; all but `glu` work element by element."""


class Activation(Parameter[str]):
    """The name of an activation, or the object that Keras writes for one; null is `linear`.

    A class of one's own (`registered_name` set) is taken to work element by element.
    """

    def wanted(self) -> str:
        return "the name of a Keras activation such as 'relu'"

    def value_schema(self) -> dict[str, Any]:
        return {
            "anyOf": [{"type": "string", "enum": sorted(NAMES)}, {"type": "object"}],
        }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        name = value
        if isinstance(value, dict):
            if value.get("registered_name") or value.get("class_name") not in ("function", None):
                return "linear"
            name = value.get("config")
        if not isinstance(name, str) or name not in NAMES:
            raise self.refuse(value)
        return name


def activation(default: str | None = None) -> Activation:
    """The `activation` parameter of a layer."""
    return Activation(default, doc="applied to each output element", nullable=True)


def activated(operation: Operation, name: str | None) -> Operation:
    """The operation followed by its activation."""
    return operation


LAYERS: tuple[LayerType, ...] = ()
