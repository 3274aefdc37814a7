"""Keras's activation functions, as a parameter of layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.operations.gate import Gate
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.parameters import Parameter

_EACH: Final = Elementwise()

FUNCTIONS: Final[Mapping[str, Operation]] = {
    **dict.fromkeys(
        (
            "celu",
            "elu",
            "exponential",
            "gelu",
            "hard_shrink",
            "hard_sigmoid",
            "hard_silu",
            "hard_swish",
            "hard_tanh",
            "leaky_relu",
            "linear",
            "log_sigmoid",
            "mish",
            "relu",
            "relu6",
            "selu",
            "sigmoid",
            "silu",
            "soft_shrink",
            "softplus",
            "softsign",
            "sparse_plus",
            "sparse_sigmoid",
            "squareplus",
            "swish",
            "tanh",
            "tanh_shrink",
            "threshold",
        ),
        _EACH,
    ),
    **dict.fromkeys(("log_softmax", "softmax", "sparsemax"), Elementwise(axes=(-1,), mixing=True)),
    "glu": Gate(),
}
"""`keras.activations.ALL_OBJECTS_DICT`, and what each does to shapes."""


class Activation(Parameter[str]):
    """The name of an activation, or the object that Keras writes for one; null is `linear`.

    A function of one's own, or a layer, is taken to work element by element; Keras gives the
    weights of such a layer no part in the model before it is run.
    """

    def wanted(self) -> str:
        return "the name of a Keras activation such as 'relu'"

    def value_schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "enum": sorted(FUNCTIONS)}, {"type": "object"}]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        name = _function_name(value) if isinstance(value, dict) else value
        if not isinstance(name, str) or name not in FUNCTIONS:
            raise self.refuse(value)
        return name


def _function_name(written: Mapping[str, Any]) -> Any:
    """The name of Keras's own function in what `keras.activations.serialize` writes."""
    kind, module, name = (written.get(key) for key in ("class_name", "module", "config"))
    if kind is None:
        return None
    keras_own = str(module).startswith("keras") or (isinstance(name, str) and name in FUNCTIONS)
    return name if kind == "function" and keras_own else "linear"


def activation(default: str | None = None) -> Activation:
    """The `activation` parameter of a layer."""
    return Activation(default, doc="applied to each output element", nullable=True)


def activated(operation: Operation, name: str | None) -> Operation:
    """The operation followed by its activation, where that is not element by element."""
    function = FUNCTIONS[name or "linear"]
    return operation if function is _EACH else Sequence((operation, function))
