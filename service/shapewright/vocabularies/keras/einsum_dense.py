"""Keras's EinsumDense: an equation as an operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, Unknown
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.einsum import EinsumDense
from shapewright.vocabularies.keras.activation import activated, activation
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.equation import Equation
from shapewright.vocabularies.keras.low_rank import adapted, low_rank
from shapewright.vocabularies.keras.quantization import QUANTIZED, noted
from shapewright.vocabularies.keras.sizes import Sizes
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import Text, ignored

Size: TypeAlias = Dimension | Axis
"""Where a letter's size comes from: it is declared, open, or that of an input axis."""


def einsum_dense(
    equation: str,
    output_shape: Shape,
    activation: str | None,
    bias_axes: str | None,
    kernel_constraint: object,
    lora_rank: int | None,
    dtype: str | None,
) -> Operation:
    """EinsumDense; a letter that stands twice in the input counts where it stands last."""
    terms = Equation.read(equation)
    made = _result_sizes(terms, output_shape)
    first = -len(terms.letters) if terms.leading else 0
    read: dict[str, Size] = {letter: Axis(first + i) for i, letter in enumerate(terms.letters)}
    sizes = read | made
    kernel = WeightTemplate("kernel", tuple(_part(sizes, letter) for letter in terms.kernel))
    operation = EinsumDense(
        letters=terms.letters,
        result=terms.result,
        sizes=tuple(made.values()),
        leading=terms.leading,
        trailing=terms.trailing,
        weights=adapted(kernel, lora_rank, kernel_constraint),
        bias=None if bias_axes is None else _bias(terms, made, bias_axes),
    )
    return activated(noted(operation, dtype), activation)


def _result_sizes(terms: Equation, output_shape: Shape) -> dict[str, Size]:
    """The sizes of the result's letters; the batch is the first unless it is among the dots."""
    declared: tuple[Size, ...] = output_shape if terms.leading else (Axis(0), *output_shape)
    if len(declared) < len(terms.result):
        raise ParameterError(
            f"needs {len(terms.result) - (not terms.leading)} sizes "
            f"for the result `{terms.result}`, got {len(output_shape)}",
            "output_shape",
        )
    return dict(zip(terms.result, declared, strict=False))


def _part(sizes: Mapping[str, Size], letter: str) -> Part:
    size = sizes[letter]
    if isinstance(size, Unknown):
        raise ParameterError(f"has to give the size of `{letter}` for the weights", "output_shape")
    return size


def _bias(terms: Equation, made: Mapping[str, Size], letters: str) -> WeightTemplate:
    """It begins at the first of its letters; what it lacks after that has size 1."""
    strange = "".join(sorted(set(letters) - set(terms.result)))
    if strange or not letters:
        raise ParameterError(
            f"needs letters of the result `{terms.result}`, got {letters[:80]!r}", "bias_axes"
        )
    start = min(map(terms.result.index, letters))
    shape = tuple(
        _part(made, letter) if letter in letters else 1 for letter in terms.result[start:]
    )
    return WeightTemplate("bias", shape)


LAYERS = (
    declare(
        "EinsumDense",
        "A kernel multiplied with the input and summed as an equation says.",
        "core/einsum_dense.py",
        {
            "equation": Text(doc="letters of the input, the kernel and the result: 'abc,cd->abd'"),
            "output_shape": Sizes(
                minimum=0, single=True, doc="the result's sizes without the batch; null is open"
            ),
            "activation": activation(),
            "bias_axes": Text(None, doc="the letters of the result along which there is a bias"),
            **weight_options("kernel", "bias"),
            **low_rank("kernel"),
            **QUANTIZED,
            **ignored("gptq_unpacked_column_size"),
        },
        einsum_dense,
        spelling={"sizes": "output_shape"},
    ),
)
