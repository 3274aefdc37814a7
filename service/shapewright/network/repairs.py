"""What would make two branches fit: small changes at the merge, or another input size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Final

from shapewright.arithmetic.dimension import is_known
from shapewright.network.backwards import Visit, Walker
from shapewright.network.differences import Repair
from shapewright.network.network import Network
from shapewright.network.walk import fits
from shapewright.network.words import listed

MOST_TRIALS: Final = 64
"""How far from the given input size another one is looked for."""

MOST_WORK: Final = 20_000
"""How many layers may be inferred in that search."""


def repairs(
    walker: Walker,
    starts: Sequence[Visit],
    parts: Sequence[Sequence[Visit]],
    source: Visit | None,
) -> Iterator[Repair]:
    """What changes least first; `source` is where both branches' axis comes from."""
    sizes = [size for start in starts if is_known(size := walker.size(start))]
    if len(sizes) == len(starts) == 2:
        small, large = (0, 1) if sizes[0] < sizes[1] else (1, 0)
        missing = sizes[large] - sizes[small]
        yield from _lengthen(walker, parts[small], missing)
        yield _crop(walker, starts[large], missing)
        yield _pad(walker, starts[small], missing)
    if source is not None and _can_be_resized(walker, parts):
        yield from _resize(walker.network, source)


def _can_be_resized(walker: Walker, parts: Sequence[Sequence[Visit]]) -> bool:
    """Whether branches might fit for another size of what they have in common.

    They do not if one shrinks it more often than the other, until next to nothing is left of
    either, nor if both only cut and pad.
    """
    strides = [[walker.stride(visit) for visit in part] for part in parts]
    known = [[stride for stride in branch if stride is not None] for branch in strides]
    if known != strides:
        return True
    moved = any(stride != 1 for branch in known for stride in branch)
    return moved and prod(known[0]) == prod(known[1])


def _lengthen(walker: Walker, part: Sequence[Visit], missing: int) -> Iterator[Repair]:
    """A transposed window can keep up to a stride more of its full result."""
    for visit in part:
        for window, placement in walker.windows(visit):
            if window.transposed and missing < placement.window.stride:
                name = walker.network.name_of(visit.ref)
                detail = f"let `{name}` keep {missing} more at its end, by its output padding"
                yield Repair("output_padding", name, (visit.axis,), missing, detail)
                return


def _crop(walker: Walker, start: Visit, missing: int) -> Repair:
    name = walker.network.name_of(start.ref)
    detail = f"cut {missing} from the end of axis {start.axis} of `{name}`"
    return Repair("crop", name, (start.axis,), missing, detail)


def _pad(walker: Walker, start: Visit, missing: int) -> Repair:
    name = walker.network.name_of(start.ref)
    detail = f"add {missing} to the end of axis {start.axis} of `{name}`"
    return Repair("pad", name, (start.axis,), missing, detail)


def _resize(network: Network, source: Visit) -> Iterator[Repair]:
    """The nearest sizes of the network's input, one smaller and one larger, that work.

    All axes of that size change together: a square stays a square.
    """
    if source.ref.producer >= len(network.inputs):
        return
    given = network.inputs[source.ref.producer]
    size = given.shape[source.axis]
    if not is_known(size):
        return
    axes = tuple(axis for axis, own in enumerate(given.shape) if own == size and axis)
    trials = min(MOST_TRIALS, MOST_WORK // (2 * len(network)))
    for sign in (-1, 1):
        candidates = (size + sign * distance for distance in range(1, trials + 1))
        wanted = next(
            (c for c in candidates if c > 0 and fits(_resized(network, source, axes, c))), None
        )
        if wanted is not None:
            places = listed([f"axis {axis}" for axis in axes])
            detail = f"feed `{given.name}` with {wanted} on {places} instead of {size}"
            yield Repair("input_size", given.name, axes, wanted, detail)


def _resized(network: Network, source: Visit, axes: tuple[int, ...], size: int) -> Network:
    inputs = list(network.inputs)
    given = inputs[source.ref.producer]
    shape = tuple(size if axis in axes else own for axis, own in enumerate(given.shape))
    inputs[source.ref.producer] = replace(given, shape=shape)
    return replace(network, inputs=tuple(inputs))
