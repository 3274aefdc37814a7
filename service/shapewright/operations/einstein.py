"""Products summed over axes that are named by letters (NumPy's `einsum`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Outcome
from shapewright.operations.merge import Site, agreed, expect_count, stretched
from shapewright.record import record

REST: Final = "..."
"""Stands for the axes of an operand that have no letters; at their ends they are aligned."""

Label: TypeAlias = str | int
"""A letter, or for an axis without one its place counted back from the last of these."""


@record
class EinsteinSum:
    """The product of all operands, summed over the letters that the result lacks.

    A term is a letter for each axis of an operand, with `REST` at most once.
    """

    terms: tuple[str, ...]
    result: str

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs` = the product of the sizes of all labels but the batch's, the first one.

        Raises:
            ShapeError: another number of operands, or of axes of one.
            InputsDiffer: a letter has two sizes, or axes without letters cannot be stretched.
        """
        expect_count(inputs, len(self.terms))
        labels = [_labels(term, shape) for term, shape in zip(self.terms, inputs, strict=True)]
        sites: dict[Label, list[Site]] = {}
        for index, (names, shape) in enumerate(zip(labels, inputs, strict=True)):
            for axis, (name, size) in enumerate(zip(names, shape, strict=True)):
                sites.setdefault(name, []).append(Site(index, axis, size))
        sizes = {name: _size(name, found, inputs) for name, found in sites.items()}
        result = _result(self.result, sizes)
        batch = labels[0][:1]
        return Outcome(
            (tuple(sizes[name] for name in result),),
            macs=product(size for name, size in sizes.items() if name not in batch)
            if len(inputs) > 1
            else 0,
            links=tuple(
                tuple(Link(result.index(name)) if name in result else None for name in names)
                for names in labels
            ),
        )


def _labels(term: str, shape: Shape) -> Sequence[Label]:
    before, rest, after = term.partition(REST)
    unnamed = len(shape) - len(before) - len(after)
    if unnamed < 0 or (unnamed > 0 and not rest):
        raise ShapeError(f"`{term}` has another number of axes than {show(shape)}", "subscripts")
    return [*before, *range(-unnamed, 0), *after]


def _size(name: Label, sites: Sequence[Site], inputs: Shapes) -> Dimension:
    return agreed(sites, inputs) if isinstance(name, str) else stretched(sites, inputs)


def _result(term: str, sizes: dict[Label, Dimension]) -> list[Label]:
    before, rest, after = term.partition(REST)
    unnamed = sorted(name for name in sizes if isinstance(name, int)) if rest else []
    return [*before, *unnamed, *after]
