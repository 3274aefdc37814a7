"""A kernel multiplied with an input and summed, axes being named by letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from shapewright.arithmetic.dimension import (
    Dimension,
    Shape,
    Shapes,
    certainly_differ,
    is_known,
    product,
    refine,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import (
    Axis,
    Link,
    Outcome,
    Weight,
    WeightTemplate,
    axis_of,
    one,
    resolve_all,
)
from shapewright.record import record

Label: TypeAlias = str | int
"""A letter, or the number of an input axis that has none."""


@record
class EinsumDense:
    """The sum over all letters that the result lacks.

    `letters` name axes of the input, `result` those of the output, whose `sizes` are given: a
    number, unknown, or that of an input axis. Axes without letters go through unchanged; they
    stand before the others if `leading` is set, the batch among them, or after them if `trailing`
    is. The bias has an axis of size 1 for each of those after.
    """

    letters: str
    result: str
    sizes: tuple[Dimension | Axis, ...]
    leading: bool = False
    trailing: bool = False
    weights: tuple[WeightTemplate, ...] = ()
    bias: WeightTemplate | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs` = the product of the sizes of all labels but the batch's.

        Raises:
            ShapeError: more or fewer axes than letters, a letter with two sizes, or a size that a
                weight needs and that is unknown.
        """
        shape = one(inputs)
        before, after = self._unnamed(shape)
        arriving: tuple[Label, ...] = (*before, *self.letters, *after)
        leaving: tuple[Label, ...] = (*before, *self.result, *after)
        read = self._read(arriving, shape)
        made = {**read, **self._declared(shape)}
        self._check(shape, read, made)
        sizes = {label: refine(size, read.get(label, size)) for label, size in made.items()}
        return Outcome(
            (tuple(made[label] for label in leaving),),
            (*resolve_all(self.weights, inputs), *self._resolved_bias(inputs, len(after))),
            macs=product(size for label, size in sizes.items() if label != arriving[0]),
            links=(
                tuple(
                    Link(leaving.index(label)) if label in leaving else None for label in arriving
                ),
            ),
        )

    def _unnamed(self, shape: Shape) -> tuple[range, range]:
        """The axes before and after those that have letters."""
        count, rank = len(self.letters), len(shape)
        fits = rank > count if self.leading else rank >= count
        if not (fits and (self.leading or self.trailing or rank == count)):
            needed = f"{'more than ' * self.leading}{count}{' or more' * self.trailing}"
            raise ShapeError(
                f"needs {needed} axes for the letters `{self.letters}`, got {rank}: {show(shape)}"
            )
        start = rank - count if self.leading else 0
        return range(start), range(start + count, rank)

    def _read(self, labels: tuple[Label, ...], shape: Shape) -> dict[Label, Dimension]:
        """The sizes that arrive; a letter that stands twice takes a diagonal."""
        read: dict[Label, Dimension] = {}
        for label, size in zip(labels, shape, strict=True):
            if certainly_differ(size, read.get(label, size)):
                raise ShapeError(
                    f"the letter `{label}` has sizes {show(read[label])} and {show(size)} "
                    f"in the input {show(shape)}"
                )
            read[label] = size
        return read

    def _declared(self, shape: Shape) -> dict[Label, Dimension]:
        return {
            letter: shape[axis_of(shape, size.axis)] if isinstance(size, Axis) else size
            for letter, size in zip(self.result, self.sizes, strict=True)
        }

    def _check(
        self, shape: Shape, read: Mapping[Label, Dimension], made: Mapping[Label, Dimension]
    ) -> None:
        for letter in self.letters:
            declared, got = made[letter], read[letter]
            if is_known(declared) and (not is_known(got) or got != declared):
                raise ShapeError(
                    f"the letter `{letter}` has size {show(got)} in the input {show(shape)}, "
                    f"but {declared} in the result",
                    "sizes",
                )

    def _resolved_bias(self, inputs: Shapes, ones: int) -> tuple[Weight, ...]:
        if self.bias is None:
            return ()
        bias = self.bias.resolve(inputs)
        return (replace(bias, shape=bias.shape + (1,) * ones),)
