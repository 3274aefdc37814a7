"""PyTorch's modules without windows: maps of features, new axes for old ones, tables of vectors."""

from __future__ import annotations

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.dense import Dense
from shapewright.operations.embedding import Embedding
from shapewright.operations.identity import Elementwise
from shapewright.operations.reshape import INFERRED, Reshape
from shapewright.vocabularies.parameters import Flag, Ignored, Integer, Integers, ignored
from shapewright.vocabularies.torch.common import FACTORY, Ints, declare, weights


def linear(in_features: int, out_features: int, bias: bool) -> Operation:
    """Linear."""
    return Dense(
        units=out_features,
        features=in_features,
        weights=weights(weight=(out_features, in_features), bias=(out_features,) if bias else None),
    )


def flatten(start_dim: int, end_dim: int) -> Operation:
    """Flatten."""
    return Reshape((INFERRED,), first=start_dim, last=end_dim)


def unflatten(dim: int, unflattened_size: Ints) -> Operation:
    """Unflatten; one of the sizes may be -1."""
    if unflattened_size.count(INFERRED) > 1:
        raise ParameterError(
            f"only one size may be {INFERRED}, got {list(unflattened_size)}", "unflattened_size"
        )
    return Reshape(unflattened_size, first=dim, last=dim)


def check_padding_index(num_embeddings: int, padding_idx: int | None) -> None:
    """Insist that the padding's vector stands in the table; it may be counted from the end.

    Raises:
        ParameterError: it does not.
    """
    if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
        raise ParameterError(
            f"padding_idx {padding_idx} is not within the {num_embeddings} embeddings",
            "padding_idx",
        )


def embedding(num_embeddings: int, embedding_dim: int, padding_idx: int | None) -> Operation:
    """Embedding."""
    check_padding_index(num_embeddings, padding_idx)
    return Embedding(embedding_dim, weights(weight=(num_embeddings, embedding_dim)))


LAYERS = (
    declare(
        "Linear",
        "Every position's features become others, each a learned sum over all of them.",
        "linear.py",
        {
            "in_features": Integer(minimum=0, doc="features that arrive on the last axis"),
            "out_features": Integer(minimum=0, doc="features that leave"),
            "bias": Flag(True, doc="add one number to each feature"),
            **FACTORY,
        },
        linear,
        spelling={"features": "in_features"},
    ),
    declare(
        "Flatten",
        "A run of axes made one.",
        "flatten.py",
        {
            "start_dim": Integer(1, doc="the first axis of the run"),
            "end_dim": Integer(-1, doc="the last axis of the run"),
        },
        flatten,
        spelling={"first": "start_dim", "last": "end_dim"},
    ),
    declare(
        "Unflatten",
        "One axis made several.",
        "flatten.py",
        {
            "dim": Integer(doc="the axis"),
            "unflattened_size": Integers(
                minimum=INFERRED, shortest=1, longest=16, doc="its sizes; one may be -1"
            ),
        },
        unflatten,
        spelling={"first": "dim", "last": "dim", "target": "unflattened_size"},
    ),
    declare("Identity", "What arrives.", "linear.py", {}, Elementwise),
    declare(
        "Embedding",
        "Each number becomes the vector that stands at it in a table.",
        "sparse.py",
        {
            "num_embeddings": Integer(minimum=1, doc="vectors in the table"),
            "embedding_dim": Integer(minimum=0, doc="elements of each vector"),
            "padding_idx": Integer(None, doc="the vector that stays 0"),
            **ignored("max_norm", "norm_type", "scale_grad_by_freq", "sparse"),
            "_weight": Ignored(),
            "_freeze": Ignored(),
            **FACTORY,
        },
        embedding,
    ),
)
