"""PyTorch's undoing of maximum pools, and its pools by windows set at random."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Operation
from shapewright.operations.fractional_pooling import FractionalPooling
from shapewright.operations.unpooling import Unpooling
from shapewright.vocabularies.call import Call
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import (
    Either,
    Flag,
    Integers,
    Number,
    Parameter,
    PerAxis,
    Several,
    ignored,
)
from shapewright.vocabularies.torch.common import (
    Ints,
    batch_optional,
    constant,
    declare,
    layout,
    symmetric,
)

Ratios = float | tuple[float, ...]


def max_unpooling(
    rank: int, kernel_size: Ints, stride: Ints | None, padding: Ints, call: Call
) -> Operation:
    """MaxUnpool1d to 3d; the call may ask for an `output_size`, batch and channels included."""
    asked = constant(call, "output_size", Integers(minimum=0, shortest=rank, longest=rank + 2))
    if asked is not None and len(asked) == rank + 1:
        raise ParameterError(f"needs {rank} or {rank + 2} sizes, got {list(asked)}", "output_size")
    operation = Unpooling(
        layout=layout(rank),
        windows=tuple(map(Window, kernel_size, stride or kernel_size)),
        paddings=symmetric(padding),
        output_sizes=asked and asked[-rank:],
    )
    return batch_optional(operation, rank)


def fractional_pooling(
    rank: int,
    kernel_size: Ints,
    output_size: Ints | None,
    output_ratio: Ratios | None,
    return_indices: bool,
) -> Operation:
    """FractionalMaxPool2d and 3d, of which the latter leaves one element more unused."""
    if (output_size is None) == (output_ratio is None):
        got = "neither" if output_size is None else "both"
        raise ParameterError(f"needs either output_size or output_ratio, got {got}", "output_size")
    ratios = output_ratio if isinstance(output_ratio, tuple) else (output_ratio,) * rank
    operation = FractionalPooling(
        layout=layout(rank),
        kernel_size=kernel_size,
        sizes=output_size or (),
        ratios=tuple(ratio.as_integer_ratio() for ratio in ratios if ratio is not None),
        spare=1 if rank == 3 else 0,
        with_indices=return_indices,
    )
    return batch_optional(operation, rank)


def _unpool(rank: int) -> LayerType:
    return declare(
        f"MaxUnpool{rank}d",
        f"Maxima put back to where they stood on {rank} spatial axes, zeros everywhere else.",
        "pooling.py",
        {
            "kernel_size": PerAxis(rank, doc="taps of the pool along each axis"),
            "stride": PerAxis(rank, None, doc="the pool's stride; its kernel size if left out"),
            "padding": PerAxis(rank, 0, minimum=0, doc="the pool's padding"),
        },
        partial(max_unpooling, rank),
        arguments=("input", "indices", "output_size"),
    )


def _ratio(rank: int) -> Parameter[Any]:
    number = Number(above=0, below=1)
    each = Several(number, shortest=rank, longest=rank)
    return Either(number, each, default=None, doc="which part of each size comes out")


def _fractional(rank: int) -> LayerType:
    return declare(
        f"FractionalMaxPool{rank}d",
        f"The largest element of each of so many windows, set at random on {rank} spatial axes.",
        "pooling.py",
        {
            "kernel_size": PerAxis(rank, doc="taps along each spatial axis"),
            "output_size": PerAxis(rank, None, minimum=0, doc="how many come out on each axis"),
            "output_ratio": _ratio(rank),
            "return_indices": Flag(False, doc="say where each maximum stood, as a second output"),
            **ignored("_random_samples"),
        },
        partial(fractional_pooling, rank),
    )


LAYERS = (*map(_unpool, (1, 2, 3)), *map(_fractional, (2, 3)))
