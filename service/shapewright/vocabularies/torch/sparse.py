"""PyTorch's tables of vectors, looked up by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.embedding import Embedding
from shapewright.operations.reduction import Reduce
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.parameters import Choice, Flag, Integer, Parameter, ignored
from shapewright.vocabularies.torch.common import FACTORY, declare, weights


def embedding(num_embeddings: int, embedding_dim: int, padding_idx: int | None) -> Operation:
    """Embedding; the padding's vector may be counted from the end of the table."""
    if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
        raise ParameterError(
            f"padding_idx {padding_idx} is not within the {num_embeddings} embeddings",
            "padding_idx",
        )
    return Embedding(embedding_dim, weights(weight=(num_embeddings, embedding_dim)))


def embedding_bag(
    num_embeddings: int,
    embedding_dim: int,
    padding_idx: int | None,
    mode: str,
    scale_grad_by_freq: bool,
    sparse: bool,
    **_: Any,
) -> Operation:
    """EmbeddingBag on bags of the same length, which are rows; offsets are not known here."""
    if mode == "max" and (scale_grad_by_freq or sparse):
        wrong = "sparse" if sparse else "scale_grad_by_freq"
        raise ParameterError(f"a maximum has no {wrong} gradient", wrong)
    bags = Expect((2,), "bags, numbers in each")
    return Sequence((bags, embedding(num_embeddings, embedding_dim, padding_idx), Reduce((1,))))


TABLE: Final[Mapping[str, Parameter[Any]]] = {
    "num_embeddings": Integer(minimum=1, doc="vectors in the table"),
    "embedding_dim": Integer(minimum=0, doc="elements of each vector"),
}

PADDING: Final[Mapping[str, Parameter[Any]]] = {
    "padding_idx": Integer(None, doc="the vector that does not count"),
}

LAYERS = (
    declare(
        "Embedding",
        "Each number becomes the vector that stands at it in a table.",
        "sparse.py",
        {
            **TABLE,
            **PADDING,
            **ignored("max_norm", "norm_type", "scale_grad_by_freq", "sparse"),
            **ignored("_weight", "_freeze"),
            **FACTORY,
        },
        embedding,
    ),
    declare(
        "EmbeddingBag",
        "Each row of numbers becomes the sum, mean or maximum of their vectors in a table.",
        "sparse.py",
        {
            **TABLE,
            **ignored("max_norm", "norm_type"),
            "scale_grad_by_freq": Flag(False),
            "mode": Choice("sum", "mean", "max", default="mean", doc="what is made of the vectors"),
            "sparse": Flag(False),
            **ignored("_weight"),
            "include_last_offset": Flag(False, doc="of no account without offsets"),
            **PADDING,
            **FACTORY,
        },
        embedding_bag,
    ),
)
