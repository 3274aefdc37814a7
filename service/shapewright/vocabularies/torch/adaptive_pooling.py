"""PyTorch's pools into a given size, whatever arrives."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.operations.base import Operation
from shapewright.operations.pooling import AdaptivePooling, Reducer
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import (
    Either,
    Flag,
    Integer,
    Parameter,
    PerAxis,
    Several,
)
from shapewright.vocabularies.torch.common import batch_optional, declare, layout


def output_size(rank: int) -> Parameter[Any]:
    """The `output_size` parameter; null keeps a size, where there are several axes."""
    number = PerAxis(rank, minimum=0, doc="how many elements come out along each axis")
    each = Several(Integer(minimum=0, nullable=True), shortest=rank, longest=rank)
    return number if rank == 1 else Either(number, each, doc=number.doc)


def adaptive_pooling(
    rank: int,
    reducer: Reducer,
    output_size: tuple[int | None, ...],
    return_indices: bool = False,
) -> Operation:
    """AdaptiveMaxPool1d to 3d, AdaptiveAvgPool1d to 3d."""
    operation = AdaptivePooling(layout(rank), output_size, reducer, return_indices)
    return batch_optional(operation, rank)


def _max(rank: int) -> LayerType:
    return declare(
        f"AdaptiveMaxPool{rank}d",
        f"The largest element of each of so many parts of {rank} spatial axes.",
        "pooling.py",
        {
            "output_size": output_size(rank),
            "return_indices": Flag(False, doc="say where each maximum stood, as a second output"),
        },
        partial(adaptive_pooling, rank, "max"),
    )


def _average(rank: int) -> LayerType:
    return declare(
        f"AdaptiveAvgPool{rank}d",
        f"The mean of each of so many parts of {rank} spatial axes.",
        "pooling.py",
        {"output_size": output_size(rank)},
        partial(adaptive_pooling, rank, "average"),
    )


LAYERS = tuple(kind(rank) for rank in (1, 2, 3) for kind in (_max, _average))
