"""The same elements under other axes."""

from __future__ import annotations

from typing import Final

from shapewright.arithmetic.dimension import (
    UNKNOWN,
    Dimension,
    Shape,
    Shapes,
    all_known,
    certainly_differ,
    is_known,
    product,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Outcome, axis_of, kept, one
from shapewright.record import record

INFERRED: Final = -1
"""Stands for the size that takes up what the other sizes leave, at most once in a target."""


@record
class Reshape:
    """A run of axes, `first` to `last`, replaced by axes of other sizes.

    Over all axes it is a view; with the target `(INFERRED,)` it flattens; on one axis it splits
    the axis. An unknown size in `target` stays open. With `may_be_empty` the run may have no axes
    and begin past the last one.
    """

    target: tuple[Dimension, ...]
    first: int = 0
    last: int = -1
    may_be_empty: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """As many elements as before.

        Raises:
            ShapeError: no such axes, or the elements do not fill the target.
        """
        shape = one(inputs)
        start, stop = self._run(shape)
        old = shape[start:stop]
        new = _fill(self.target, product(old) if all_known(old) else UNKNOWN)
        shift = len(new) - len(old)
        after = (Link(axis + shift) for axis in range(stop, len(shape)))
        return Outcome(
            ((*shape[:start], *new, *shape[stop:]),),
            links=((*kept(start), *_survivors(old, new, start), *after),),
            rearranged=True,
        )

    def _run(self, shape: Shape) -> tuple[int, int]:
        """Where the run begins, and where it has ended."""
        if self.may_be_empty and self.first == len(shape):
            return self.first, self.first
        start, last = axis_of(shape, self.first, "first"), axis_of(shape, self.last, "last")
        if last < start:
            raise ShapeError(
                f"the run of axes in {show(shape)} ends at axis {last}, before its start {start}",
                "last",
            )
        return start, last + 1


def _fill(target: Shape, elements: Dimension) -> Shape:
    """The target with its inferred size put in."""
    taken = product(size for size in target if not _is(size, INFERRED))
    if not any(_is(size, INFERRED) for size in target):
        if certainly_differ(elements, taken):
            raise ShapeError(
                f"{show(target)} holds {show(taken)} elements, but {show(elements)} arrive",
                "target",
            )
        return target
    if _is(taken, 0) or certainly_differ(elements % taken, 0):
        raise ShapeError(
            f"{show(elements)} elements arrive, which do not divide into parts of {show(taken)} "
            f"as {show(target)} asks for",
            "target",
        )
    left = elements // taken
    return tuple(left if _is(size, INFERRED) else size for size in target)


def _is(size: Dimension, value: int) -> bool:
    return is_known(size) and size == value


def _survivors(old: Shape, new: Shape, offset: int) -> Links:
    """If only axes of size 1 come and go, the others go on; if not, nothing is where it was."""
    sources = [axis for axis, size in enumerate(old) if not _is(size, 1)]
    places = [axis for axis, size in enumerate(new) if not _is(size, 1)]
    sizes = [old[axis] for axis in sources]
    links: list[Link | None] = [None] * len(old)
    if sizes == [new[axis] for axis in places] and sizes.count(UNKNOWN) <= 1:
        for source, place in zip(sources, places, strict=True):
            links[source] = Link(offset + place)
    return tuple(links)
