"""What Keras's convolutions have in common: the window's parameters, and those around it."""

from __future__ import annotations

from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Part, WeightTemplate
from shapewright.vocabularies.keras.activation import activation
from shapewright.vocabularies.keras.common import data_format
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import Choice, Flag, Parameter, PerAxis
from shapewright.vocabularies.told import Told

Ints = tuple[int, ...]


def window_parameters(rank: int, *more_paddings: str) -> dict[str, Parameter[Any]]:
    """The window itself; capitals in `padding` do not matter to convolutions."""
    paddings = ("valid", "same", *more_paddings)
    return {
        "kernel_size": PerAxis(rank, doc="taps along each spatial axis"),
        "strides": PerAxis(rank, 1, doc="how far the window moves"),
        "padding": Choice(*paddings, default="valid", any_case=True, doc="what lies at the border"),
        "data_format": data_format(),
        "dilation_rate": PerAxis(rank, 1, doc="the distance between neighbouring taps"),
    }


def output_parameters(*kernels: str) -> dict[str, Parameter[Any]]:
    """What follows the window, and how the kernels and the bias are made."""
    return {
        "activation": activation(),
        "use_bias": Flag(True, doc="add one number to each output channel"),
        **weight_options(*kernels, "bias"),
    }


def taps_told(rank: int, kernel: str = "kernel") -> dict[str, Told]:
    """The kernel's taps stand on its first axes."""
    return {"kernel_size": Told(kernel, slice(rank), (rank + 2,))}


def windows(kernel_size: Ints, strides: Ints, dilation_rate: Ints) -> tuple[Window, ...]:
    """One window for each spatial axis."""
    return tuple(map(Window, kernel_size, strides, dilation_rate))


def bias(size: Part, use_bias: bool) -> tuple[WeightTemplate, ...]:
    """One number for each output channel, or no weight at all."""
    return (WeightTemplate("bias", (size,)),) if use_bias else ()


def check_dilation(strides: Ints, dilation_rate: Ints) -> None:
    """Refuse to stride and dilate at once, even on different axes.

    Raises:
        ParameterError: both are over 1 somewhere.
    """
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ParameterError(
            f"Keras does not stride and dilate at once, "
            f"got strides {list(strides)} and dilation_rate {list(dilation_rate)}",
            "dilation_rate",
        )
