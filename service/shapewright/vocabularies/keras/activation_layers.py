"""Keras's activations as layers of their own."""

from __future__ import annotations

from typing import Any

from shapewright.operations.base import Operation, Rest, WeightTemplate
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.keras.activation import FUNCTIONS, Activation
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import MOST_AXES, Integers, Number, ignored


def activation_layer(activation: str | None) -> Operation:
    """Activation."""
    return FUNCTIONS[activation or "linear"]


def elementwise(**_: Any) -> Operation:
    """ReLU, LeakyReLU, ELU: their parameters change values only."""
    return Elementwise()


def prelu(shared_axes: tuple[int, ...] | None) -> Operation:
    """PReLU; `shared_axes` number the axes after the batch from 1, so 0 is the last one."""
    shared = tuple(axis - 1 for axis in shared_axes or ())
    return Elementwise((WeightTemplate("alpha", (Rest(shared),)),))


def softmax(axis: tuple[int, ...], call: Call) -> Operation:
    """Softmax; a mask beside the input changes values only."""
    function = Elementwise(axes=axis, mixing=True)
    inputs = slots(call.bind(SOFTMAX_ARGUMENTS).get("inputs"))
    return fed(function, tuple(inputs), call.count)


SOFTMAX_ARGUMENTS = ("inputs", "mask")


def _slope(default: float) -> Number:
    return Number(default, minimum=0, doc="the slope below the threshold")


LAYERS = (
    declare(
        "Activation",
        "A function of each element.",
        "activations/activation.py",
        {"activation": Activation(doc="the function", nullable=True)},
        activation_layer,
    ),
    declare(
        "ReLU",
        "max(x, 0), with a slope below the threshold and a bound above if they are given.",
        "activations/relu.py",
        {
            "max_value": Number(None, minimum=0, doc="the bound above; null is none"),
            "negative_slope": _slope(0.0),
            "threshold": Number(0.0, minimum=0, doc="where the bend is"),
        },
        elementwise,
    ),
    declare(
        "LeakyReLU",
        "x above 0, and negative_slope * x below.",
        "activations/leaky_relu.py",
        {"negative_slope": _slope(0.3), "alpha": _slope(0.3)},
        elementwise,
    ),
    declare(
        "ELU",
        "x above 0, and alpha * (exp(x) - 1) below.",
        "activations/elu.py",
        ignored("alpha"),
        elementwise,
    ),
    declare(
        "PReLU",
        "x above 0; below, x times a slope that is learned.",
        "activations/prelu.py",
        {
            "shared_axes": Integers(
                None,
                single=True,
                longest=MOST_AXES,
                doc="axes along which one slope serves; 1 is the first of them",
            ),
            **weight_options("alpha"),
        },
        prelu,
        spelling={"shared": "shared_axes"},
    ),
    declare(
        "Softmax",
        "exp(x), divided by its sum along an axis or several.",
        "activations/softmax.py",
        {
            "axis": Integers(
                (-1,),
                single=True,
                shortest=1,
                longest=MOST_AXES,
                doc="where the results sum to 1",
            )
        },
        softmax,
        arguments=SOFTMAX_ARGUMENTS,
    ),
)
