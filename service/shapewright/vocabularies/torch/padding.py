"""PyTorch's paddings of the last axes, in one to three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any

from shapewright.operations.base import Operation
from shapewright.operations.pad import Fill, Margin, Pad
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import LARGEST_INTEGER, Number, Parameter, PerAxis
from shapewright.vocabularies.torch.common import Ints, batch_optional, declare


def margins(padding: Ints) -> tuple[Margin, ...]:
    """PyTorch lists sides in pairs from the last axis to the first; here in the shape's order."""
    pairs = zip(padding[::2], padding[1::2], strict=True)
    return tuple(Margin(-1 - place, *pair) for place, pair in enumerate(pairs))[::-1]


def constant_padding(padding: Ints, value: float = 0.0) -> Operation:
    """ZeroPad1d to 3d, ConstantPad1d to 3d: the last axes, whatever stands before them."""
    return Pad(margins(padding))


def copying_padding(rank: int, fill: Fill, padding: Ints) -> Operation:
    """ReflectionPad1d to 3d, ReplicationPad1d to 3d, CircularPad1d to 3d."""
    around = fill == "circular"
    operation = Pad(margins(padding), fill=fill, least=0 if around else 1)
    return batch_optional(operation, rank, may_be_empty=around)


def _sides(rank: int) -> dict[str, Parameter[Any]]:
    doc = "how much is added before and after, the last axis first; negative amounts are cut"
    return {"padding": PerAxis(2 * rank, minimum=-LARGEST_INTEGER, doc=doc)}


def _zero(rank: int) -> LayerType:
    return declare(
        f"ZeroPad{rank}d",
        f"Zeros added to the last {rank} axes, or elements cut from them.",
        "padding.py",
        _sides(rank),
        constant_padding,
    )


def _constant(rank: int) -> LayerType:
    return declare(
        f"ConstantPad{rank}d",
        f"One value added to the last {rank} axes, or elements cut from them.",
        "padding.py",
        {**_sides(rank), "value": Number(doc="what is added")},
        constant_padding,
    )


def _copying(name: str, fill: Fill, source: str, rank: int) -> LayerType:
    return declare(
        f"{name}{rank}d",
        f"{source} added to {rank} spatial axes, or elements cut from them.",
        "padding.py",
        _sides(rank),
        partial(copying_padding, rank, fill),
    )


FAMILIES = (
    _zero,
    _constant,
    partial(_copying, "ReflectionPad", "reflect", "A mirror image of what lies inside the edge"),
    partial(_copying, "ReplicationPad", "replicate", "Copies of the edge"),
    partial(_copying, "CircularPad", "circular", "What lies at the other end"),
)

LAYERS = tuple(family(rank) for family in FAMILIES for rank in (1, 2, 3))
