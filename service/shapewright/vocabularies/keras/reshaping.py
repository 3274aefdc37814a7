"""Keras's layers that put the same elements under other axes, or repeat them."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.dimension import Shape
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.permute import Permute
from shapewright.operations.reshape import INFERRED, Reshape
from shapewright.operations.resize import Upsample
from shapewright.operations.squeeze import ExpandDims
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.keras.sizes import Sizes
from shapewright.vocabularies.parameters import (
    MOST_AXES,
    Choice,
    Integer,
    Integers,
    Parameter,
    PerAxis,
)


def reshape(target_shape: Shape) -> Operation:
    """Reshape; the batch axis stays."""
    if target_shape.count(INFERRED) > 1:
        raise ParameterError(
            f"at most one size can be inferred from the others, got {target_shape.count(INFERRED)} "
            f"that are {INFERRED}",
            "target_shape",
        )
    return Reshape(target_shape, first=1, may_be_empty=True)


def flatten(data_format: str | None) -> Operation:
    """Flatten, for which the format changes only the order of the elements."""
    return Reshape((INFERRED,), first=1, may_be_empty=True)


def permute(dims: tuple[int, ...]) -> Operation:
    """Permute; `dims` number the axes after the batch from 1."""
    if sorted(dims) != list(range(1, len(dims) + 1)):
        raise ParameterError(f"needs each of 1 to {len(dims)} once, got {list(dims)}", "dims")
    return Permute((0, *dims))


def repeat_vector(n: int) -> Operation:
    """RepeatVector, for a batch of vectors."""
    return Sequence((Expect((2,), "batch, features"), ExpandDims((1,), n)))


def up_sampling(
    rank: int, size: Any, data_format: str | None = None, interpolation: str = "nearest"
) -> Operation:
    """UpSampling1D, UpSampling2D, UpSampling3D."""
    factors = (size,) if rank == 1 else size
    return Upsample(layout(rank, data_format), factors, interpolation)


def _up_sampling(rank: int, **parameters: Parameter[Any]) -> LayerType:
    return declare(
        f"UpSampling{rank}D",
        f"Makes {rank} spatial axes a whole number of times longer.",
        f"reshaping/up_sampling{rank}d.py",
        parameters,
        partial(up_sampling, rank),
    )


FACTORS = "how many elements each element becomes along each spatial axis"

METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")

LAYERS = (
    declare(
        "Reshape",
        "The elements of each sample under axes of other sizes.",
        "reshaping/reshape.py",
        {"target_shape": Sizes(minimum=-1, doc="sizes without the batch; -1 takes what is left")},
        reshape,
        spelling={"target": "target_shape"},
    ),
    declare(
        "Flatten",
        "All elements of each sample along one axis.",
        "reshaping/flatten.py",
        {"data_format": data_format()},
        flatten,
    ),
    declare(
        "Permute",
        "The axes of each sample in another order.",
        "reshaping/permute.py",
        {
            "dims": Integers(
                minimum=1, longest=MOST_AXES, doc="the axes after the batch, numbered from 1"
            )
        },
        permute,
    ),
    declare(
        "RepeatVector",
        "Each vector repeated along a new axis before it.",
        "reshaping/repeat_vector.py",
        {"n": Integer(minimum=1, doc="how many times")},
        repeat_vector,
    ),
    _up_sampling(1, size=Integer(2, minimum=1, doc=FACTORS)),
    _up_sampling(
        2,
        size=PerAxis(2, 2, doc=FACTORS),
        data_format=data_format(),
        interpolation=Choice(
            *METHODS, default="nearest", any_case=True, doc="how new elements are made"
        ),
    ),
    _up_sampling(3, size=PerAxis(3, 2, doc=FACTORS), data_format=data_format()),
)
