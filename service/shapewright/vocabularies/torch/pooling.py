"""PyTorch's pools by sliding windows: maximum, average and p-norm, in one to three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Operation
from shapewright.operations.pooling import Pooling, Reducer
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Flag, Integer, Number, Parameter, PerAxis
from shapewright.vocabularies.torch.common import (
    Ints,
    batch_optional,
    declare,
    layout,
    per_axis,
    symmetric,
)


def pooling(
    rank: int,
    reducer: Reducer,
    kernel_size: Ints,
    stride: Ints | None,
    ceil_mode: bool,
    padding: Ints | None = None,
    dilation: Ints | None = None,
    return_indices: bool = False,
    count_include_pad: bool = False,
    divisor_override: int | None = None,
) -> Operation:
    """A pool; the stride defaults to the kernel."""
    padding = padding or (0,) * rank
    _check_padding(padding, kernel_size)
    operation = Pooling(
        layout=layout(rank),
        windows=tuple(map(Window, kernel_size, stride or kernel_size, dilation or (1,) * rank)),
        paddings=symmetric(padding),
        mode="explicit",
        reducer=reducer,
        ceil=ceil_mode,
        count_include_pad=count_include_pad,
        divisor=divisor_override,
        within_input=rank == 3 and reducer != "max",
        with_indices=return_indices,
    )
    return batch_optional(operation, rank)


def _check_padding(padding: Ints, kernel_size: Ints) -> None:
    for amount, kernel in zip(padding, kernel_size, strict=True):
        if 2 * amount > kernel:
            raise ParameterError(
                f"padding {amount} is more than half of the kernel's {kernel} taps "
                f"(dilation does not count here)",
                "padding",
            )


def average_pooling(divisor_override: int | None, **parameters: Any) -> Operation:
    """AvgPool2d, AvgPool3d."""
    if divisor_override == 0:
        raise ParameterError("an average cannot be divided by 0", "divisor_override")
    return pooling(divisor_override=divisor_override, **parameters)


def lp_pooling(
    rank: int, norm_type: float, kernel_size: int | Ints, **parameters: Any
) -> Operation:
    """LPPool1d, LPPool2d, LPPool3d."""
    if norm_type == 0:
        raise ParameterError("there is no 0-norm, which would be a 0th root", "norm_type")
    kernel = (kernel_size,) if isinstance(kernel_size, int) else kernel_size
    return pooling(rank, "lp", kernel_size=kernel, **parameters)


def _stride(rank: int) -> dict[str, Parameter[Any]]:
    doc = "how far the window moves; the kernel's size if left out"
    return {"stride": per_axis(rank, None, doc=doc)}


def _ceil_mode() -> dict[str, Parameter[Any]]:
    return {"ceil_mode": Flag(False, doc="let the last window hang over the end")}


def _padded(rank: int) -> dict[str, Parameter[Any]]:
    return {
        "kernel_size": per_axis(rank, doc="taps along each spatial axis"),
        **_stride(rank),
        "padding": per_axis(rank, 0, minimum=0, doc="on both sides, at most half of the kernel"),
    }


def _max(rank: int) -> LayerType:
    return declare(
        f"MaxPool{rank}d",
        f"The largest element of each window over {rank} spatial axes, channel by channel.",
        "pooling.py",
        {
            **_padded(rank),
            "dilation": per_axis(rank, 1, doc="the distance between neighbouring taps"),
            "return_indices": Flag(False, doc="say where each maximum stood, as a second output"),
            **_ceil_mode(),
        },
        partial(pooling, rank, "max"),
    )


def _average(rank: int) -> LayerType:
    flag = Flag(True, doc="divide by the elements of the padding too")
    divisor = Integer(None, doc="divide by this number instead")
    return declare(
        f"AvgPool{rank}d",
        f"The mean of each window over {rank} spatial axes, channel by channel.",
        "pooling.py",
        {
            **_padded(rank),
            **_ceil_mode(),
            "count_include_pad": flag,
            **({"divisor_override": divisor} if rank > 1 else {}),
        },
        partial(average_pooling if rank > 1 else pooling, rank=rank, reducer="average"),
    )


def _lp(rank: int) -> LayerType:
    doc = "taps along each spatial axis"
    kernel_size = PerAxis(rank, doc=doc) if rank > 1 else Integer(minimum=1, doc=doc)
    return declare(
        f"LPPool{rank}d",
        f"The p-norm of each window over {rank} spatial axes, channel by channel.",
        "pooling.py",
        {
            "norm_type": Number(doc="the p of the norm"),
            "kernel_size": kernel_size,
            **_stride(rank),
            **_ceil_mode(),
        },
        partial(lp_pooling, rank),
    )


LAYERS = tuple(kind(rank) for rank in (1, 2, 3) for kind in (_max, _average, _lp))
