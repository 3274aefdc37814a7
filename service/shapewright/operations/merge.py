"""Operations that bring several inputs together: element by element, or end to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shapewright.arithmetic.dimension import (
    UNKNOWN,
    Dimension,
    Shape,
    Shapes,
    all_known,
    certainly_differ,
    is_known,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Outcome, axis_of, kept, with_axis
from shapewright.record import record


class Site(NamedTuple):
    """One size among several inputs: which input, which of its axes from the front, how large."""

    input: int
    axis: int
    size: Dimension


class InputsDiffer(ShapeError):
    """Two inputs have sizes that do not go together; `one` and `other` say where."""

    def __init__(self, one: Site, other: Site, inputs: Shapes) -> None:
        super().__init__(
            f"axis {one.axis} of input {one.input} {show(inputs[one.input])} has size "
            f"{show(one.size)}, but axis {other.axis} of input {other.input} "
            f"{show(inputs[other.input])} has size {show(other.size)}"
        )
        self.one = one
        self.other = other


def agreed(sites: Sequence[Site], inputs: Shapes) -> Dimension:
    """The size that all sites share; unknown only if none of them is known.

    Raises:
        InputsDiffer: two known sizes are not equal.
    """
    first = next((site for site in sites if is_known(site.size)), sites[0])
    for site in sites:
        if certainly_differ(first.size, site.size):
            raise InputsDiffer(first, site, inputs)
    return first.size


def stretched(sites: Sequence[Site], inputs: Shapes, *, settle: bool = True) -> Dimension:
    """The size that all sites share where size 1 is stretched to fit.

    An unknown size beside a known one other than 1 must turn out to be that size, or 1: the result
    is certain and is given if `settle` is set, and left unknown otherwise.

    Raises:
        InputsDiffer: two known sizes differ and neither is 1.
    """
    wide = [site for site in sites if certainly_differ(site.size, 1)]
    size: Dimension = agreed(wide, inputs) if wide else 1
    if all_known(site.size for site in sites) or (wide and settle):
        return size
    return UNKNOWN


def expect_count(inputs: Shapes, count: int | None) -> None:
    """Insist on a number of inputs, or on at least one.

    Raises:
        ShapeError: there are more or fewer.
    """
    if not inputs or len(inputs) != (count or len(inputs)):
        needed = f"exactly {count} inputs" if count else "at least 1 input"
        raise ShapeError(f"needs {needed}, got {len(inputs)}: {show(inputs)}")


@record
class Broadcast:
    """Inputs merged element by element, size 1 stretched, shapes aligned at their ends.

    With `batched` the first axis of each input stands apart: it is not stretched, and the other
    axes are aligned by themselves. For `settle` see `stretched`.
    """

    count: int | None = None
    batched: bool = False
    settle: bool = True

    def infer(self, inputs: Shapes) -> Outcome:
        """Axis by axis from the end (NumPy, "General broadcasting rules").

        Raises:
            ShapeError: not the number of inputs that is needed.
            InputsDiffer: two sizes differ and neither can be stretched.
        """
        expect_count(inputs, self.count)
        apart = int(self.batched)
        batch = [agreed(column(inputs, 0), inputs)] if apart else []
        rank = max(map(len, inputs)) - apart
        rest = (
            stretched(column(inputs, axis, apart), inputs, settle=self.settle)
            for axis in range(-rank, 0)
        )
        output = (*batch, *rest)
        return Outcome(
            (output,), links=tuple(stretch_links(shape, output, apart) for shape in inputs)
        )


def column(inputs: Shapes, axis: int, apart: int = 0) -> list[Site]:
    """The sites of one axis in all inputs that have it beyond the `apart` first ones."""
    return [
        Site(index, axis % len(shape), shape[axis])
        for index, shape in enumerate(inputs)
        if -(len(shape) - apart) <= axis < len(shape)
    ]


def stretch_links(shape: Shape, output: Shape, apart: int = 0) -> Links:
    """Each axis goes on in its place from the end, but every output sees a stretched element."""
    added = len(output) - len(shape)
    places = [axis + added * (axis >= apart) for axis in range(len(shape))]
    return tuple(
        Link(place) if _is_open_or_not_1(size) or not _is_open_or_not_1(output[place]) else None
        for size, place in zip(shape, places, strict=True)
    )


def _is_open_or_not_1(size: Dimension) -> bool:
    return not is_known(size) or size != 1


@record
class Concatenate:
    """Inputs laid end to end along one axis, equal on all others.

    An axis that is unknown in the first input is settled by the others if `settle` is set.
    """

    axis: int
    settle: bool = True

    def infer(self, inputs: Shapes) -> Outcome:
        """The sum along the axis.

        Raises:
            ShapeError: no input, another number of axes, or no such axis.
            InputsDiffer: two sizes differ on another axis.
        """
        expect_count(inputs, None)
        first = inputs[0]
        along = axis_of(first, self.axis, "axis")
        expect_same_rank(inputs)
        common: Shape = tuple(
            agreed(column(inputs, axis), inputs) if axis != along else size
            for axis, size in enumerate(first)
        )
        total = sum((shape[along] for shape in inputs), start=0)
        output = with_axis(common if self.settle else first, along, total)
        return Outcome((output,), links=(kept(len(first), along),) * len(inputs))


def expect_same_rank(inputs: Shapes) -> None:
    """Insist on equally many axes in all inputs.

    Raises:
        ShapeError: an input has more or fewer than the first.
    """
    for index, shape in enumerate(inputs):
        if len(shape) != len(inputs[0]):
            raise ShapeError(
                f"input 0 {show(inputs[0])} has {len(inputs[0])} axes, "
                f"but input {index} {show(shape)} has {len(shape)}"
            )
