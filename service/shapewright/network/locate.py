"""From one output back to the input region it sees, and from one input ahead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from shapewright.arithmetic.dimension import Dimension, Shape, is_known
from shapewright.arithmetic.errors import ShapewrightError
from shapewright.network.analysis import Analysis
from shapewright.network.fields import Fields, Sight
from shapewright.network.places import Interval, LookAhead, LookBack, Reached, Region


class Misplaced(ShapewrightError):
    """A place that the network does not have."""


def locate(analysis: Analysis, name: str, position: tuple[int, ...]) -> LookBack | LookAhead:
    """Look back from a layer's position, or ahead from an input's.

    A layer's position has an index for each of its axes that goes back to an axis of the receptive
    field; an input's has one for each axis of the receptive field.

    Raises:
        Misplaced: no layer or input has that name, or no such position.
    """
    if name in analysis.sources.names:
        return _look_ahead(analysis, analysis.sources.names.index(name), position)
    for index, own in enumerate(analysis.network.names):
        step = analysis.trace.steps[index]
        if own == name and step is not None:
            fields = analysis.seen.tensors[len(analysis.sources.names) + index][0]
            return _look_back(analysis, name, position, fields, step.outputs[0])
    raise Misplaced(f"no layer that could be inferred, and no input, is called {name!r}")


def _look_back(
    analysis: Analysis, name: str, position: tuple[int, ...], fields: Fields, shape: Shape
) -> LookBack:
    axes = sorted(
        {
            sight.axis
            for source, field in fields.by_input.items()
            for axis in analysis.sources.axes[source]
            if (sight := field[axis]) is not None
        }
    )
    _check(name, position, [shape[axis] for axis in axes])
    at = dict(zip(axes, position, strict=True))
    sees = {}
    for source, field in fields.by_input.items():
        sizes = [
            analysis.network.inputs[source].shape[axis] for axis in analysis.sources.axes[source]
        ]
        seen = [
            _interval(field[axis], at, size)
            for axis, size in zip(analysis.sources.axes[source], sizes, strict=True)
        ]
        clipped = tuple(map(_clip, seen, sizes))
        sees[analysis.sources.names[source]] = Region(tuple(seen), clipped)
    return LookBack(name, position, sees)


def _check(name: str, position: Sequence[int], sizes: Sequence[Dimension]) -> None:
    if not sizes:
        raise Misplaced(f"`{name}` sees the whole of every input: it has no position to locate")
    if len(position) != len(sizes):
        raise Misplaced(f"a position of `{name}` has {len(sizes)} indices, got {len(position)}")
    for index, size in zip(position, sizes, strict=True):
        if index < 0 or (is_known(size) and index >= size):
            raise Misplaced(f"`{name}` has {size} positions on that axis, got index {index}")


def _interval(sight: Sight, at: Mapping[int, int], size: Dimension) -> Interval | None:
    """The hull of what a position sees; the whole axis where it does."""
    if sight is None:
        return (0, size - 1) if is_known(size) else None
    return sight.interval(at[sight.axis])


def _clip(interval: Interval | None, size: Dimension) -> Interval | tuple[()] | None:
    if interval is None or not is_known(size):
        return None
    low, high = max(interval[0], 0), min(interval[1], size - 1)
    return (low, high) if low <= high else ()


# ---- ahead ---------------------------------------------------------------------------------------


def _look_ahead(analysis: Analysis, source: int, position: tuple[int, ...]) -> LookAhead:
    axes, shape = analysis.sources.axes[source], analysis.network.inputs[source].shape
    _check(analysis.sources.names[source], position, [shape[axis] for axis in axes])
    reached = []
    for index, step in enumerate(analysis.trace.steps):
        fields = analysis.seen.tensors[len(analysis.sources.names) + index]
        if step is None or source not in fields[0].by_input:
            continue
        field, outputs = fields[0].by_input[source], step.outputs[0]
        reached.append(
            Reached(
                analysis.network.names[index],
                tuple(
                    _outputs(field[axis], at, outputs)
                    for axis, at in zip(axes, position, strict=True)
                ),
            )
        )
    return LookAhead(analysis.sources.names[source], position, tuple(reached))


def _outputs(sight: Sight, at: int, shape: Shape) -> Interval | tuple[()] | None:
    """The outputs along one axis whose interval holds the index `at`.

    Both ends of what an output sees rise with the output, so those outputs are neighbours. What
    is too far to be told lies past the index.
    """
    past = (at + 1, at + 1)
    size = 0 if sight is None else shape[sight.axis]
    if sight is None or not is_known(size) or sight.interval(0) is None:
        return None
    low = _first(size, lambda output: (sight.interval(output) or past)[1] >= at)
    high = _first(size, lambda output: (sight.interval(output) or past)[0] > at) - 1
    return (low, high) if low <= high else ()


def _first(size: int, holds: Callable[[int], bool]) -> int:
    """The first output for which a condition holds that never turns false again."""
    return bisect_left(range(size), True, key=holds)
