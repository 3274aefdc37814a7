"""Keras's attention between learned projections, by several heads at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.multi_head_attention import MultiHeadAttention
from shapewright.operations.wrapper import fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import (
    Flag,
    Integer,
    Integers,
    Number,
    Parameter,
    ignored,
)

Parts: TypeAlias = tuple[Part, ...]

ARGUMENTS: Final = (
    "query",
    "value",
    "key",
    "query_mask",
    "value_mask",
    "key_mask",
    "attention_mask",
    "return_attention_scores",
    "training",
    "use_causal_mask",
)


def _multi_head_attention(
    num_heads: int,
    key_dim: int,
    value_dim: int | None,
    output_shape: tuple[int, ...] | None,
    attention_axes: tuple[int, ...] | None,
) -> MultiHeadAttention:
    return MultiHeadAttention(
        heads=num_heads,
        key_heads=num_heads,
        key_size=key_dim,
        value_size=value_dim or key_dim,
        axes=attention_axes or (),
        output=output_shape or (),
        square=True,
    )


def _grouped_query_attention(
    head_dim: int, num_query_heads: int, num_key_value_heads: int
) -> MultiHeadAttention:
    if num_query_heads % num_key_value_heads:
        raise ParameterError(
            f"{num_query_heads} query heads do not divide into "
            f"{num_key_value_heads} groups that share a key and a value",
            "num_query_heads",
        )
    return MultiHeadAttention(
        heads=num_query_heads,
        key_heads=num_key_value_heads,
        key_size=head_dim,
        value_size=head_dim,
        rank=3,
        alike=True,
    )


def _projected(
    make: Callable[..., MultiHeadAttention],
    call: Call,
    use_bias: bool,
    use_gate: bool,
    dropout: float,
    flash_attention: bool | None,
    sliding_window: int | None,
    **heads: Any,
) -> Operation:
    """Attention as it is called, with its weights; a sliding window changes no number."""
    given = call.bind(ARGUMENTS)
    tensors = [slots(given.get(name)) for name in ("query", "key", "value")]
    tensors[1] = tensors[1] or tensors[2]
    if any(len(found) != 1 for found in tensors):
        raise ParameterError("is called on a query, a value and perhaps a key, one tensor each")
    scores = bool(given.get("return_attention_scores"))
    if flash_attention and (scores or dropout > 0):
        what = "gives no scores" if scores else f"takes no dropout, got {dropout}"
        raise ParameterError(f"flash attention {what}", "flash_attention")
    operation = replace(make(**heads), scores=scores, gated=use_gate)
    weights = tuple(_weights(operation, use_bias))
    operands = tuple(index for found in tensors for index in found)
    return fed(replace(operation, weights=weights), operands, call.count)


QUERY, KEY, VALUE = 0, 1, 2
"""The numbers of the inputs as operations count them."""


def _weights(operation: MultiHeadAttention, use_bias: bool) -> Iterator[WeightTemplate]:
    """A kernel and a bias for each projection: what it reads, then what it makes."""
    heads, key_heads = operation.heads, operation.key_heads
    features = Axis(-1, QUERY)
    projections: dict[str, tuple[Parts, Parts]] = {
        "query": ((features,), (heads, operation.key_size)),
        "key": ((Axis(-1, KEY),), (key_heads, operation.key_size)),
        "gate": ((features,), (heads, operation.value_size)),
        "value": ((Axis(-1, VALUE),), (key_heads, operation.value_size)),
        "attention_output": (
            (heads, operation.value_size),
            operation.output or (features,),
        ),
    }
    for name, (read, made) in projections.items():
        if name != "gate" or operation.gated:
            yield WeightTemplate(f"{name}/kernel", (*read, *made))
            if use_bias:
                yield WeightTemplate(f"{name}/bias", made)


def _common_parameters() -> dict[str, Parameter[Any]]:
    return {
        "dropout": Number(0.0, minimum=0, maximum=1, doc="how many scores are dropped in training"),
        "use_bias": Flag(True, doc="add numbers of its own to each projection"),
        "use_gate": Flag(False, doc="multiply the means with a projection of the query"),
        "sliding_window": Integer(None, minimum=1, doc="how far a query looks to either side"),
        "flash_attention": Flag(None, doc="compute in blocks, without scores or dropout"),
        **weight_options("kernel", "bias"),
        **ignored("seed"),
    }


LAYERS = (
    declare(
        "MultiHeadAttention",
        "Attention by several heads at once, between learned projections.",
        "attention/multi_head_attention.py",
        {
            "num_heads": Integer(minimum=1, doc="how many heads attend, each by itself"),
            "key_dim": Integer(minimum=1, doc="features of a query and a key in each head"),
            "value_dim": Integer(None, minimum=1, doc="features of a value, by default `key_dim`"),
            "output_shape": Integers(
                None,
                minimum=1,
                single=True,
                longest=16,
                doc="what the features become, by default the query's",
            ),
            "attention_axes": Integers(
                None,
                single=True,
                longest=16,
                doc="axes to attend along, by default all between batch and features",
            ),
            **_common_parameters(),
        },
        partial(_projected, _multi_head_attention),
        spelling={"axes": "attention_axes"},
        arguments=ARGUMENTS,
    ),
    declare(
        "GroupQueryAttention",
        "Attention by several heads, groups of which share a key and a value.",
        "attention/grouped_query_attention.py",
        {
            "head_dim": Integer(minimum=1, doc="features of each head"),
            "num_query_heads": Integer(minimum=1, doc="heads that attend"),
            "num_key_value_heads": Integer(minimum=1, doc="groups that share a key and a value"),
            **_common_parameters(),
        },
        partial(_projected, _grouped_query_attention),
        arguments=ARGUMENTS,
    ),
)

ALIASES = {"GroupedQueryAttention": "GroupQueryAttention"}
