"""PyTorch's resizing of spatial axes, by the nearest element or between elements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.interpolation import Interpolate
from shapewright.vocabularies.parameters import (
    Choice,
    Either,
    Flag,
    Integer,
    Number,
    Parameter,
    Several,
)
from shapewright.vocabularies.torch.common import Ints, declare

Scale = float | tuple[float, ...]

T = TypeVar("T", int, float)


class Mode(NamedTuple):
    """What a mode is in the words of operations, on how many spatial axes it works, and how."""

    method: str
    ranks: Ints
    between: bool = True
    """Whether it interpolates between elements, so that corners can be aligned."""
    least: int = 1


MODES: Final[Mapping[str, Mode]] = {
    "nearest": Mode("nearest", (1, 2, 3), between=False),
    "nearest-exact": Mode("nearest", (1, 2, 3), between=False),
    "area": Mode("nearest", (1, 2, 3), between=False, least=0),
    "linear": Mode("bilinear", (1,)),
    "bilinear": Mode("bilinear", (2,)),
    "bicubic": Mode("bicubic", (2,)),
    "trilinear": Mode("bilinear", (3,)),
}


def upsampling(
    size: int | Ints | None,
    scale_factor: Scale | None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
) -> Operation:
    """Upsample, UpsamplingNearest2d, UpsamplingBilinear2d; a single factor of 0 counts as none.

    Aligned corners are no regular grid, so that no more than the sizes can be said of them.
    """
    chosen = MODES[mode]
    scale = None if scale_factor == 0 else scale_factor
    if (size is None) == (scale is None):
        got = "neither" if size is None else "both"
        raise ParameterError(f"needs either size or scale_factor, got {got}", "size")
    if align_corners is not None and not chosen.between:
        raise ParameterError(f"mode '{mode}' knows no aligned corners", "align_corners")
    if recompute_scale_factor and scale is None:
        raise ParameterError("a given size leaves nothing to recompute", "recompute_scale_factor")
    sizes = () if size is None else _tuple(size)
    factors = () if scale is None else _tuple(scale)
    return Interpolate(
        method="aligned" if align_corners else chosen.method,
        ranks=chosen.ranks,
        sizes=sizes,
        ratios=tuple(factor.as_integer_ratio() for factor in factors),
        for_all=not isinstance(size if scale is None else scale, tuple),
        least=chosen.least,
    )


def _tuple(value: T | tuple[T, ...]) -> tuple[T, ...]:
    return value if isinstance(value, tuple) else (value,)


def _each(item: Parameter[Any], doc: str) -> Parameter[Any]:
    """One for all spatial axes, or a list with one for each."""
    return Either(item, Several(item, shortest=1, longest=3), default=None, doc=doc)


TARGETS: Final[Mapping[str, Parameter[Any]]] = {
    "size": _each(Integer(minimum=0), "what spatial axes become"),
    "scale_factor": _each(Number(minimum=0), "how many times longer spatial axes become"),
}

SPELLING: Final = {"sizes": "size", "ratios": "scale_factor"}

LAYERS = (
    declare(
        "Upsample",
        "Spatial axes brought to another size.",
        "upsampling.py",
        {
            **TARGETS,
            "mode": Choice(*MODES, default="nearest", doc="how elements are made"),
            "align_corners": Flag(None, doc="put the first and last elements onto each other"),
            "recompute_scale_factor": Flag(None, doc="use the ratio of the sizes, once rounded"),
        },
        upsampling,
        spelling=SPELLING,
    ),
    declare(
        "UpsamplingNearest2d",
        "Spatial axes brought to another size by repeating the nearest element.",
        "upsampling.py",
        TARGETS,
        upsampling,
        spelling=SPELLING,
    ),
    declare(
        "UpsamplingBilinear2d",
        "Two spatial axes brought to another size between elements, corners on corners.",
        "upsampling.py",
        TARGETS,
        partial(upsampling, mode="bilinear", align_corners=True),
        spelling=SPELLING,
    ),
)
