"""PyTorch's Transformer and its layers (Vaswani et al., arXiv 1706.03762)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from shapewright.operations.axes import ExpectShared
from shapewright.operations.base import Operation
from shapewright.operations.dense import Dense
from shapewright.operations.identity import Elementwise
from shapewright.operations.program import Program, Step
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import (
    LONGEST_LIST,
    Choice,
    Flag,
    Integer,
    Number,
    Parameter,
    ignored,
)
from shapewright.vocabularies.torch.attention import (
    Features,
    attention,
    attention_weights,
    batch_first,
    batched,
)
from shapewright.vocabularies.torch.common import FACTORY, declare, fed_by_name, weights

Names = tuple[str, ...]


class Sizes(NamedTuple):
    """What all layers of a Transformer share."""

    features: int
    heads: int
    hidden: int
    bias: bool


def _attention(sizes: Sizes, prefix: str) -> Operation:
    features = Features(*(sizes.features,) * 3)
    named = attention_weights(features, sizes.bias, prefix=prefix)
    return attention(features, sizes.heads, named)


def _linear(reads: int, makes: int, sizes: Sizes, prefix: str) -> Operation:
    shapes = {"weight": (makes, reads), "bias": (makes,) if sizes.bias else None}
    return Dense(makes, reads, weights(**{prefix + name: s for name, s in shapes.items()}))


def _norm(sizes: Sizes, prefix: str) -> Operation:
    vector = (sizes.features,)
    shapes = {"weight": vector, "bias": vector if sizes.bias else None}
    named = weights(**{prefix + name: shape for name, shape in shapes.items()})
    return Elementwise(named, axes=(-1,), mixing=True)


def _feed_forward(sizes: Sizes, prefix: str) -> Iterator[Operation]:
    yield _linear(sizes.features, sizes.hidden, sizes, f"{prefix}linear1.")
    yield _linear(sizes.hidden, sizes.features, sizes, f"{prefix}linear2.")


def _norms(sizes: Sizes, count: int, prefix: str) -> Iterator[Operation]:
    return (_norm(sizes, f"{prefix}norm{index + 1}.") for index in range(count))


def encoder_layer(sizes: Sizes, prefix: str = "") -> Operation:
    """Attention of a sequence to itself, then two linear maps; norms stand where they may."""
    rest = Sequence((*_feed_forward(sizes, prefix), *_norms(sizes, 2, prefix)))
    return Program(1, (Step(_attention(sizes, f"{prefix}self_attn."), (0, 0, 0)), Step(rest, (1,))))


def decoder_layer(sizes: Sizes, prefix: str = "") -> Operation:
    """Attention of a sequence to itself and to a memory, then two linear maps."""
    rest = Sequence((*_feed_forward(sizes, prefix), *_norms(sizes, 3, prefix)))
    return Program(
        2,
        (
            Step(_attention(sizes, f"{prefix}self_attn."), (0, 0, 0)),
            Step(_attention(sizes, f"{prefix}multihead_attn."), (2, 1, 1)),
            Step(rest, (3,)),
        ),
    )


def transformer(
    d_model: int,
    nhead: int,
    num_encoder_layers: int,
    num_decoder_layers: int,
    dim_feedforward: int,
    batch_first: bool,
    bias: bool,
    call: Call,
    **_: Any,
) -> Operation:
    """Transformer: the source is encoded, and the target is decoded with it as the memory."""
    sizes = Sizes(d_model, nhead, dim_feedforward, bias)
    encoders = tuple(
        encoder_layer(sizes, f"encoder.layers.{index}.") for index in range(num_encoder_layers)
    )
    encoder = Sequence((*encoders, _norm(sizes, "encoder.norm.")))
    decoders = tuple(
        decoder_layer(sizes, f"decoder.layers.{index}.") for index in range(num_decoder_layers)
    )
    memory, first = 4, 3
    steps = [Step(ExpectShared(0), (0, 1)), Step(encoder, (2,))]
    steps += [
        Step(decoder, (memory + index if index else first, memory))
        for index, decoder in enumerate(decoders)
    ]
    steps.append(Step(_norm(sizes, "decoder.norm."), (memory + num_decoder_layers,)))
    operation = Program(2, tuple(steps))
    return fed_by_name(batched(operation, batch_first), call, PAIR, MASKS)


PAIR: Names = ("src", "tgt")

MASKS: Names = (
    "src_mask",
    "tgt_mask",
    "memory_mask",
    "src_key_padding_mask",
    "tgt_key_padding_mask",
    "memory_key_padding_mask",
    "src_is_causal",
    "tgt_is_causal",
    "memory_is_causal",
)


def layer(
    make: Callable[[Sizes], Operation],
    tensors: Names,
    masks: Names,
    d_model: int,
    nhead: int,
    dim_feedforward: int,
    batch_first: bool,
    bias: bool,
    call: Call,
    **_: Any,
) -> Operation:
    """TransformerEncoderLayer, TransformerDecoderLayer."""
    operation = make(Sizes(d_model, nhead, dim_feedforward, bias))
    return fed_by_name(batched(operation, batch_first), call, tensors, masks)


def _parameters(
    features: Parameter[Any], heads: Parameter[Any], **between: Parameter[Any]
) -> dict[str, Parameter[Any]]:
    return {
        "d_model": features,
        "nhead": heads,
        **between,
        "dim_feedforward": Integer(2048, minimum=0, doc="features between the two linear maps"),
        "dropout": Number(0.1, minimum=0, maximum=1),
        "activation": Choice("relu", "gelu", default="relu", doc="applied between the linear maps"),
        **ignored("layer_norm_eps"),
        **batch_first(),
        "norm_first": Flag(False),
        "bias": Flag(True, doc="add numbers to all linear maps and norms"),
        **FACTORY,
    }


def _features(*default: int) -> Integer:
    return Integer(*default, minimum=1, doc="features of all sequences")


def _heads(*default: int) -> Integer:
    return Integer(*default, minimum=1, doc="heads that attend side by side")


def _layer(
    name: str, summary: str, make: Callable[[Sizes], Operation], tensors: Names, masks: Names
) -> LayerType:
    return declare(
        name,
        summary,
        "transformer.py",
        _parameters(_features(), _heads()),
        partial(layer, make, tensors, masks),
        spelling={"heads": "nhead"},
        arguments=(*tensors, *masks),
    )


def _count(kind: str) -> Integer:
    return Integer(6, minimum=1, maximum=LONGEST_LIST, doc=f"{kind} layers")


LAYERS = (
    _layer(
        "TransformerEncoderLayer",
        "Attention of a sequence to itself, then two linear maps.",
        encoder_layer,
        ("src",),
        ("src_mask", "src_key_padding_mask", "is_causal"),
    ),
    _layer(
        "TransformerDecoderLayer",
        "Attention of a sequence to itself and to a memory, then two linear maps.",
        decoder_layer,
        ("tgt", "memory"),
        (
            "tgt_mask",
            "memory_mask",
            "tgt_key_padding_mask",
            "memory_key_padding_mask",
            "tgt_is_causal",
            "memory_is_causal",
        ),
    ),
    declare(
        "Transformer",
        "A source is encoded, and a target is decoded with that as its memory.",
        "transformer.py",
        _parameters(
            _features(512),
            _heads(8),
            num_encoder_layers=_count("encoder"),
            num_decoder_layers=_count("decoder"),
        ),
        transformer,
        spelling={"heads": "nhead"},
        arguments=(*PAIR, *MASKS),
    ),
)
