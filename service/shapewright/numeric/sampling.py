"""The sampling grid: which input each tap of a window reads, axis by axis.

Windows lie where they are run, and padding is made of what it is made of when they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.dimension import Shape
from shapewright.numeric.errors import ArrayTooLarge, CannotRun
from shapewright.numeric.lines import Line, lines_of
from shapewright.operations.base import Operation
from shapewright.operations.convolution import Convolution
from shapewright.operations.pad import Fill
from shapewright.operations.wrapper import BatchOptional, Frozen, Named

MOST_TAPS: Final = 4096
"""How many taps of an axis are told."""


@dataclass(frozen=True, slots=True)
class Sample:
    """For each tap of one output the input index that it reads; `None` where it reads none.

    A tap of a transposed window brings its output something from there.
    """

    output: int
    reads: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """The first, a middle and the last output along one axis of the input's shape."""

    axis: int
    windows: tuple[Sample, ...]


def sampling_grid(operation: Operation, shape: Shape) -> tuple[Samples, ...]:
    """What taps read, by spatial axis.

    Raises:
        ShapeError: the operation does not accept the shape.
        CannotRun: it has no window.
        ArrayTooLarge: there are too many taps along an axis.
    """
    outcome = operation.infer((shape,))
    if outcome.window is None:
        raise CannotRun("there is no window whose taps could be followed")
    reads = _brought if outcome.window.transposed else _read
    lines = lines_of(outcome, _fill(operation))
    return tuple(
        Samples(axis, tuple(_samples(line, reads, transposed=outcome.window.transposed)))
        for axis, line in zip(outcome.window.axes, lines, strict=True)
    )


def _fill(operation: Operation) -> Fill:
    """What the padding is made of."""
    match operation:
        case Convolution():
            return operation.fill
        case BatchOptional() | Frozen() | Named():
            return _fill(operation.operation)
        case _:
            return "constant"


def _samples(
    line: Line, reads: Callable[[Line, int], Iterator[int | None]], *, transposed: bool
) -> Iterator[Sample]:
    if line.taps > MOST_TAPS:
        raise ArrayTooLarge("taps along an axis", line.taps, MOST_TAPS)
    outputs = line.size if transposed else line.steps
    for output in sorted({0, outputs // 2, outputs - 1}) if outputs else ():
        yield Sample(output, tuple(reads(line, output)))


def _read(line: Line, output: int) -> Iterator[int | None]:
    """Where the taps of a window stand, or what the padding under them is copied from."""
    for tap in range(line.taps):
        (piece,) = line.pieces(range(output, output + 1), range(tap, tap + 1))
        yield piece.stretch and range(line.size)[piece.stretch][0]


def _brought(line: Line, output: int) -> Iterator[int | None]:
    """The step from which each tap stands on the output."""
    for tap in range(line.taps):
        step, rest = divmod(output + line.before - tap * line.dilation, line.stride)
        yield None if rest or not 0 <= step < line.steps else step
