"""PyTorch's distances between the vectors of two tensors."""

from __future__ import annotations

from typing import Any

from shapewright.operations.base import Operation
from shapewright.operations.merge import Broadcast
from shapewright.operations.reduction import Reduce
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.parameters import Flag, Integer, Number
from shapewright.vocabularies.torch.common import declare


def pairwise_distance(keepdim: bool, **_: Any) -> Operation:
    """PairwiseDistance, along the last axis."""
    return Sequence((Broadcast(count=2), Reduce((-1,), keepdim)))


def cosine_similarity(dim: int, **_: Any) -> Operation:
    """CosineSimilarity."""
    return Sequence((Broadcast(count=2), Reduce((dim,))))


LAYERS = (
    declare(
        "PairwiseDistance",
        "The p-norm of the difference of two tensors along the last axis.",
        "distance.py",
        {
            "p": Number(2.0),
            "eps": Number(1e-6),
            "keepdim": Flag(False, doc="keep the last axis, with size 1"),
        },
        pairwise_distance,
        arguments=("x1", "x2"),
    ),
    declare(
        "CosineSimilarity",
        "The cosine of the angle between two tensors along an axis.",
        "distance.py",
        {"dim": Integer(1, doc="the axis of the vectors"), "eps": Number(1e-8)},
        cosine_similarity,
        spelling={"axis": "dim"},
        arguments=("x1", "x2"),
    ),
)
