"""Keras's core layers: linear maps, tables of vectors, and layers that pass data on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, WeightTemplate
from shapewright.operations.dense import Dense
from shapewright.operations.embedding import Embedding
from shapewright.operations.identity import Elementwise
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.keras.activation import activated, activation
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.low_rank import adapted, low_rank
from shapewright.vocabularies.keras.quantization import QUANTIZED, noted
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.keras.window import bias
from shapewright.vocabularies.parameters import Flag, Integer, Parameter, ignored


def dense(
    units: int,
    activation: str | None,
    use_bias: bool,
    kernel_constraint: object,
    lora_rank: int | None,
    dtype: str | None,
) -> Operation:
    """Dense."""
    kernel = WeightTemplate("kernel", (Axis(), units))
    weights = (*adapted(kernel, lora_rank, kernel_constraint), *bias(units, use_bias))
    return activated(noted(Dense(units, weights=weights, least_rank=2), dtype), activation)


def _table(
    input_dim: int, output_dim: int, embeddings_constraint: object, lora_rank: int | None
) -> tuple[WeightTemplate, ...]:
    table = WeightTemplate("embeddings", (input_dim, output_dim))
    return adapted(table, lora_rank, embeddings_constraint)


def embedding(input_dim: int, output_dim: int, dtype: str | None, **options: Any) -> Operation:
    """Embedding."""
    return noted(Embedding(output_dim, _table(input_dim, output_dim, **options)), dtype)


def reversible_embedding(
    input_dim: int,
    output_dim: int,
    tie_weights: bool,
    dtype: str | None,
    call: Call,
    **options: Any,
) -> Operation:
    """ReversibleEmbedding: with `reverse` in the call, from vectors to a score for each number."""
    reverse = call.bind(("inputs", "reverse")).get("reverse", False)
    if not isinstance(reverse, bool):
        raise ParameterError(f"`reverse` in the call has to be true or false, got {reverse}")
    weights = _table(input_dim, output_dim, **options)
    if not tie_weights:
        if len(weights) > 1:
            raise ParameterError("cannot adapt a table that is not tied", "lora_rank")
        weights += (WeightTemplate("reverse_embeddings", (output_dim, input_dim)),)
    there, back = Embedding(output_dim, weights), Dense(input_dim, output_dim, weights)
    return noted(back if reverse else there, dtype)


TABLE: Final[Mapping[str, Parameter[Any]]] = {
    "input_dim": Integer(minimum=1, doc="how many vectors the table holds"),
    "output_dim": Integer(minimum=1, doc="elements of a vector"),
    **weight_options("embeddings"),
    **low_rank("embeddings"),
    **QUANTIZED,
    **ignored("mask_zero", "weights", "input_length"),
}

LAYERS = (
    declare(
        "Dense",
        "Each position's features become others, each a weighted sum over all of them.",
        "core/dense.py",
        {
            "units": Integer(minimum=1, doc="features that come out"),
            "activation": activation(),
            "use_bias": Flag(True, doc="add one number to each feature"),
            **weight_options("kernel", "bias"),
            **low_rank("kernel"),
            **QUANTIZED,
        },
        dense,
    ),
    declare(
        "Embedding",
        "Each number becomes the vector that stands at it in a table.",
        "core/embedding.py",
        TABLE,
        embedding,
    ),
    declare(
        "ReversibleEmbedding",
        "An Embedding that also goes back, from vectors to scores.",
        "core/reversible_embedding.py",
        {
            **TABLE,
            "tie_weights": Flag(True, doc="use the same table for the way back"),
            **ignored("reverse_dtype", "logit_soft_cap"),
        },
        reversible_embedding,
        spelling={"features": "output_dim"},
    ),
    declare("Identity", "What comes in.", "core/identity.py", {}, Elementwise),
    declare(
        "Masking",
        "Marks the steps at which all features have one value.",
        "core/masking.py",
        ignored("mask_value"),
        Elementwise,
    ),
)
