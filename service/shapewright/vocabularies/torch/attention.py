"""PyTorch's attention by several heads."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect, ExpectShared
from shapewright.operations.base import Operation, WeightTemplate
from shapewright.operations.multi_head_attention import MultiHeadAttention
from shapewright.operations.program import Program, Step
from shapewright.operations.reduction import Reduce
from shapewright.operations.wrapper import BatchOptional, TimeFirst
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.parameters import Flag, Integer, Parameter, ignored
from shapewright.vocabularies.torch.common import (
    FACTORY,
    Ints,
    constant,
    declare,
    fed_by_name,
    weights,
)

AXES = "batch, positions, features"

TENSORS = ("query", "key", "value")

REST = ("key_padding_mask", "need_weights", "attn_mask", "average_attn_weights", "is_causal")
"""What else a call may be given; of the masks no more is known than that they change no size."""


class Features(NamedTuple):
    """How many features query, key and value have."""

    query: int
    key: int
    value: int


def attention(
    features: Features,
    heads: int,
    named: tuple[WeightTemplate, ...],
    own_keys: int = 0,
    *,
    scores: bool = False,
    averaged: bool = False,
) -> Operation:
    """Attention on (batch, positions, features), and its scores, of each head or `averaged`.

    Raises:
        ParameterError: the features of a query do not divide into heads.
    """
    size, rest = divmod(features.query, heads)
    if rest:
        raise ParameterError(f"{features.query} features do not divide into {heads} heads", "heads")
    core = MultiHeadAttention(
        heads, heads, size, size, scores=scores, own_keys=own_keys, weights=named
    )
    steps = (
        *(
            Step(Expect((3,), AXES, sizes=((2, (count,)),)), (index,))
            for index, count in enumerate(features)
        ),
        Step(ExpectShared(0), (3, 4, 5)),
        Step(core, (6, 7, 8)),
    )
    if scores and averaged:
        return Program(3, (*steps, Step(Reduce((1,)), (10,))), outputs=(9, 11))
    return Program(3, steps)


def attention_weights(
    features: Features, bias: bool, own: bool = False, prefix: str = ""
) -> tuple[WeightTemplate, ...]:
    """The projections, those of the inputs in one where they are alike."""
    size = features.query
    alike = set(features) == {size}
    vector = (1, 1, size) if own else None
    shapes: dict[str, Ints | None] = {
        "in_proj_weight": (3 * size, size) if alike else None,
        "q_proj_weight": None if alike else (size, size),
        "k_proj_weight": None if alike else (size, features.key),
        "v_proj_weight": None if alike else (size, features.value),
        "in_proj_bias": (3 * size,) if bias else None,
        "bias_k": vector,
        "bias_v": vector,
        "out_proj.weight": (size, size),
        "out_proj.bias": (size,) if bias else None,
    }
    return weights(**{prefix + name: shape for name, shape in shapes.items()})


def batched(operation: Operation, batch_first: bool) -> Operation:
    """The operation on (batch, positions, features) in the order asked for, or without a batch."""
    optional = BatchOptional(operation, 3, AXES, may_be_empty=True)
    return optional if batch_first else TimeFirst(optional, 3)


def multihead_attention(
    embed_dim: int,
    num_heads: int,
    bias: bool,
    add_bias_kv: bool,
    add_zero_attn: bool,
    kdim: int | None,
    vdim: int | None,
    batch_first: bool,
    call: Call,
) -> Operation:
    """MultiheadAttention; its learned and its zero key, if any, are attended to as well."""
    features = Features(
        embed_dim, embed_dim if kdim is None else kdim, embed_dim if vdim is None else vdim
    )
    operation = attention(
        features,
        num_heads,
        attention_weights(features, bias, add_bias_kv),
        own_keys=add_bias_kv + add_zero_attn,
        scores=constant(call, "need_weights", Flag()) is not False,
        averaged=constant(call, "average_attn_weights", Flag()) is not False,
    )
    return fed_by_name(batched(operation, batch_first), call, TENSORS, REST)


def batch_first() -> dict[str, Parameter[Any]]:
    """The `batch_first` parameter of everything that attends."""
    return {"batch_first": Flag(False, doc="the batch stands before the positions")}


LAYERS = (
    declare(
        "MultiheadAttention",
        "Each query takes a mean of values, weighed by how well their keys match it, in each head.",
        "activation.py",
        {
            "embed_dim": Integer(minimum=1, doc="features of queries, and of what comes out"),
            "num_heads": Integer(minimum=1, doc="heads that attend side by side"),
            **ignored("dropout"),
            "bias": Flag(True, doc="add numbers to all projections"),
            "add_bias_kv": Flag(False, doc="attend to a learned key and value too"),
            "add_zero_attn": Flag(False, doc="attend to a key and value of zeros too"),
            "kdim": Integer(None, minimum=0, doc="features of keys; those of queries if left out"),
            "vdim": Integer(
                None, minimum=0, doc="features of values; those of queries if left out"
            ),
            **batch_first(),
            **FACTORY,
        },
        multihead_attention,
        spelling={"heads": "num_heads"},
        arguments=(*TENSORS, *REST),
    ),
)
