"""What is said of a receptive field: size, stride and start, axis by axis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, is_known
from shapewright.network.fields import Along, Fields, Sight


@dataclass(frozen=True, slots=True)
class Axis:
    """The receptive field along one axis of a network input; `None` is what cannot be said."""

    size: int | None
    stride: Fraction | None
    start: Dimension | None
    exact: bool
    aligned: bool
    whole: bool = False


WHOLE: Final = Axis(None, None, None, exact=True, aligned=True, whole=True)


def describe(sight: Sight, outputs: Dimension) -> Axis:
    """The size, stride and start of a field along one axis that has `outputs` positions.

    The size is the largest over the positions; then, and where branches have several strides, the
    field is not exact.
    """
    if sight is None:
        return WHOLE
    if not sight.reaches:
        return Axis(None, None, None, exact=False, aligned=sight.aligned)
    if len(sight.reaches) > 1:
        return _several(sight, outputs)
    reach = sight.reaches[0]
    sizes = set(reach.sizes)
    return Axis(
        size=max(sizes),
        stride=reach.stride,
        start=reach.start,
        exact=reach.exact and len(sizes) == 1,
        aligned=sight.aligned,
    )


def _several(sight: Along, outputs: Dimension) -> Axis:
    """Branches of different strides drift apart: their hull is largest at one of the two ends."""
    first = sight.interval(0)
    if first is None or not is_known(outputs):
        return Axis(None, None, None, exact=False, aligned=False)
    longest = max(reach.period for reach in sight.reaches)
    ends = {*range(min(longest, outputs)), *range(max(outputs - longest, 0), outputs)}
    hulls = [sight.interval(output) for output in ends]
    sizes = [hull[1] - hull[0] + 1 for hull in hulls if hull is not None]
    size = max(sizes) if sizes and len(sizes) == len(hulls) else None
    return Axis(size, None, first[0], exact=False, aligned=False)


ReceptiveField: TypeAlias = Mapping[str, tuple[Axis, ...]]
"""By network input: one `Axis` for each axis along which the network works."""


def working_axes(fields: Iterable[Fields], ranks: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """By network input: the axes along which some layer slides, pads or resizes.

    Where none does, all axes but the batch.
    """
    worked: list[set[int]] = [set() for _ in ranks]
    for source, axis in frozenset[tuple[int, int]]().union(*(own.worked for own in fields)):
        worked[source].add(axis)
    return tuple(
        tuple(sorted(axes)) or tuple(range(1, rank))
        for axes, rank in zip(worked, ranks, strict=True)
    )


def receptive_field(
    fields: Fields, names: Sequence[str], axes: Sequence[Sequence[int]], shape: Shape
) -> ReceptiveField:
    """What a tensor of this shape sees of each input that it depends on."""
    return {
        names[source]: tuple(
            describe(field[axis], _outputs(field[axis], shape)) for axis in axes[source]
        )
        for source, field in fields.by_input.items()
    }


def _outputs(sight: Sight, shape: Shape) -> Dimension:
    return 0 if sight is None else shape[sight.axis]
