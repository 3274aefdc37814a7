"""PyTorch's activations: element by element, along an axis, and by halves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect, from_rank
from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.gate import Gate
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Choice, Integer, Number, Parameter, ignored
from shapewright.vocabularies.torch.common import FACTORY, INPLACE, declare


def elementwise(**_: Any) -> Operation:
    """An activation whose parameters change values only."""
    return Elementwise()


def celu(alpha: float) -> Operation:
    """CELU."""
    if alpha == 0:
        raise ParameterError("alpha is divided by and cannot be 0", "alpha")
    return Elementwise()


def hardtanh(
    min_val: float, max_val: float, min_value: float | None, max_value: float | None
) -> Operation:
    """Hardtanh; `min_value` and `max_value` are the old names."""
    lowest = min_val if min_value is None else min_value
    highest = max_val if max_value is None else max_value
    if lowest >= highest:
        raise ParameterError(f"min_val {lowest} has to be below max_val {highest}", "min_val")
    return Elementwise()


def rrelu(lower: float, upper: float) -> Operation:
    """RReLU."""
    if lower > upper:
        raise ParameterError(f"lower {lower} has to be at most upper {upper}", "lower")
    return Elementwise()


def prelu(num_parameters: int) -> Operation:
    """PReLU: one slope for all, or one for each channel."""
    activation = Elementwise((WeightTemplate("weight", (num_parameters,)),))
    if num_parameters == 1:
        return activation
    channels = ((1, (num_parameters,)),)
    needed = Expect(from_rank(2), "batch, channels, ...", channels, parameter="num_parameters")
    return Sequence((needed, activation))


def softmax(dim: int | None) -> Operation:
    """Softmax, Softmin, LogSoftmax; without `dim` PyTorch chooses the axis, with a warning."""
    return Elementwise(axes=() if dim is None else (dim,), mixing=True)


def softmax_of_channels() -> Operation:
    """Softmax2d."""
    needed = Expect((4, 3), "batch, channels, height, width; the batch may be left out")
    return Sequence((needed, Elementwise(axes=(-3,), mixing=True)))


def glu(dim: int) -> Operation:
    """GLU."""
    return Gate(dim)


ALONG: Final[Mapping[str, Parameter[Any]]] = {
    "dim": Integer(None, doc="the axis along which the results are weighed"),
}

AXIS: Final = {"axis": "dim"}
"""How an axis that does not exist is called here."""


PARAMETERLESS: Final[Mapping[str, str]] = {
    "LogSigmoid": "log(1 / (1 + exp(-x))).",
    "Sigmoid": "1 / (1 + exp(-x)).",
    "Softsign": "x / (1 + |x|).",
    "Tanh": "The hyperbolic tangent.",
    "Tanhshrink": "x - tanh(x).",
}

INPLACE_ONLY: Final[Mapping[str, str]] = {
    "Hardsigmoid": "A sigmoid made of three straight pieces.",
    "Hardswish": "x * Hardsigmoid(x).",
    "Mish": "x * tanh(softplus(x)).",
    "ReLU": "max(x, 0).",
    "ReLU6": "min(max(x, 0), 6).",
    "SELU": "A scaled ELU that keeps mean and variance.",
    "SiLU": "x * sigmoid(x).",
}

VALUED: Final[Mapping[str, tuple[str, Mapping[str, Parameter[Any]]]]] = {
    "ELU": ("x above 0, and alpha * (exp(x) - 1) below.", {"alpha": Number(1.0), **INPLACE}),
    "GELU": (
        "x times the normal distribution function of x.",
        {"approximate": Choice("none", "tanh", default="none")},
    ),
    "Hardshrink": ("x, or 0 within lambd of 0.", {"lambd": Number(0.5)}),
    "LeakyReLU": (
        "x above 0, and negative_slope * x below.",
        {"negative_slope": Number(0.01), **INPLACE},
    ),
    "Softplus": (
        "log(1 + exp(beta * x)) / beta, and x above the threshold.",
        {"beta": Number(1.0), "threshold": Number(20.0)},
    ),
    "Softshrink": ("x drawn to 0 by lambd.", {"lambd": Number(0.5, minimum=0)}),
    "Threshold": (
        "x above the threshold, and a value below.",
        {"threshold": Number(), "value": Number(), **INPLACE},
    ),
}


def _activation(
    name: str,
    summary: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation] = elementwise,
) -> LayerType:
    return declare(name, summary, "activation.py", parameters, build, spelling=AXIS)


LAYERS = (
    *(_activation(name, summary, {}) for name, summary in PARAMETERLESS.items()),
    *(_activation(name, summary, INPLACE) for name, summary in INPLACE_ONLY.items()),
    *(_activation(name, *rest) for name, rest in VALUED.items()),
    _activation(
        "CELU",
        "max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0).",
        {"alpha": Number(1.0), **INPLACE},
        celu,
    ),
    _activation(
        "Hardtanh",
        "x held between min_val and max_val.",
        {
            "min_val": Number(-1.0),
            "max_val": Number(1.0),
            **INPLACE,
            "min_value": Number(None, doc="the old name of min_val"),
            "max_value": Number(None, doc="the old name of max_val"),
        },
        hardtanh,
    ),
    _activation(
        "RReLU",
        "x above 0; below, x times a slope drawn at random in training.",
        {"lower": Number(1 / 8), "upper": Number(1 / 3), **INPLACE},
        rrelu,
    ),
    _activation(
        "PReLU",
        "x above 0; below, x times a slope that is learned.",
        {
            "num_parameters": Integer(1, minimum=1, doc="one slope, or one for each channel"),
            **ignored("init"),
            **FACTORY,
        },
        prelu,
    ),
    _activation("Softmax", "exp(x), divided by its sum along an axis.", ALONG, softmax),
    _activation("Softmin", "exp(-x), divided by its sum along an axis.", ALONG, softmax),
    _activation("LogSoftmax", "The logarithm of Softmax.", ALONG, softmax),
    _activation(
        "GLU",
        "One half of an axis times the sigmoid of the other half.",
        {"dim": Integer(-1, doc="the axis that is halved")},
        glu,
    ),
    _activation("Softmax2d", "A Softmax of the channels.", {}, softmax_of_channels),
)
