"""Keras's zero padding and cropping in one to three dimensions."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

from marshmallow import ValidationError

from shapewright.operations.base import Operation
from shapewright.operations.pad import Margin, Pad
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.parameters import Parameter, PerAxis, is_integer

Pair: TypeAlias = tuple[int, ...]


class Sides(Parameter[tuple[Pair, ...]]):
    """How much lies before and after each of `rank` axes.

    Given as a number for all sides, or a list with an entry for each axis, which is a number for
    both its sides or a pair.
    """

    def __init__(self, rank: int, default: int, *, doc: str) -> None:
        self.rank, self.pair = rank, PerAxis(2, minimum=0)
        super().__init__(((default, default),) * rank, doc=doc)

    def wanted(self) -> str:
        return f"an integer >= 0 or a list of {self.rank}, each an integer >= 0 or [before, after]"

    def value_schema(self) -> dict[str, Any]:
        pair, count = self.pair.value_schema(), self.rank
        several = {"type": "array", "items": pair, "minItems": count, "maxItems": count}
        return {"anyOf": [self.pair.item.value_schema(), several]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Pair, ...]:
        entries = [value] * self.rank if is_integer(value) else value
        if not isinstance(entries, list) or len(entries) != self.rank:
            raise self.refuse(value)
        try:
            return tuple(self.pair.deserialize(entry) for entry in entries)
        except ValidationError:
            raise self.refuse(value) from None


def _sides(rank: int, default: int, doc: str) -> Parameter[Any]:
    """In one dimension a list is not one entry for each axis, but the pair itself."""
    return PerAxis(2, default, minimum=0, doc=doc) if rank == 1 else Sides(rank, default, doc=doc)


def _margins(rank: int, axes: tuple[int, ...], sides: Any, sign: int) -> tuple[Margin, ...]:
    pairs = (sides,) if rank == 1 else sides
    return tuple(
        Margin(axis, sign * before, sign * after)
        for axis, (before, after) in zip(axes, pairs, strict=True)
    )


def zero_padding(rank: int, padding: Any, data_format: str | None) -> Operation:
    """ZeroPadding1D, ZeroPadding2D, ZeroPadding3D."""
    place = layout(rank, data_format)
    return Pad(_margins(rank, place.spatial, padding, 1), place)


def cropping(rank: int, cropping: Any, data_format: str | None = None) -> Operation:
    """Cropping1D, Cropping2D, Cropping3D; at least one element must be left."""
    place = layout(rank, data_format)
    return Pad(_margins(rank, place.spatial, cropping, -1), place, least=1)


def _zero_padding(rank: int) -> LayerType:
    return declare(
        f"ZeroPadding{rank}D",
        f"Zeros before and after {rank} spatial axes.",
        f"reshaping/zero_padding{rank}d.py",
        {
            "padding": _sides(rank, 1, "zeros before and after each spatial axis"),
            "data_format": data_format(),
        },
        partial(zero_padding, rank),
    )


def _cropping(rank: int, default: int) -> LayerType:
    formats = {"data_format": data_format()} if rank > 1 else {}
    return declare(
        f"Cropping{rank}D",
        f"Cuts elements off both sides of {rank} spatial axes.",
        f"reshaping/cropping{rank}d.py",
        {"cropping": _sides(rank, default, "elements cut off each side"), **formats},
        partial(cropping, rank),
        spelling={"padding": "cropping"},
    )


LAYERS = (
    *(_zero_padding(rank) for rank in (1, 2, 3)),
    *(_cropping(rank, default) for rank, default in ((1, 1), (2, 0), (3, 1))),
)
