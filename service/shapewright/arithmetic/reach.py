"""How far back an output sees along one axis: its receptive field as a map from index to interval.

A `Reach` maps output `i` to the first and the last input index that it sees, unclipped. The map is
periodic but for a steady advance: `f(i + period) = f(i) + advance`. Windows have period 1 and
advance `s`; upsampling by `f` has period `f` and advance 1. Maps of this kind compose into maps of
this kind, so a chain of any depth has a closed form.

Source of the affine case: Araujo, Norris & Sim, "Computing Receptive Fields of Convolutional
Neural Networks", Distill 2019, section "Solving receptive field region".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Final

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, is_known
from shapewright.arithmetic.window import Placement
from shapewright.record import record

LONGEST_PERIOD: Final = 4096
"""Past this many different positions no map is made."""

FURTHEST: Final = 2**53 - 1
"""Past this stride or distance no map is made: JSON readers do not keep such numbers exact."""


SHORT: Final = 64
"""How many positions a map has at most that is worth remembering."""


_ratio = lru_cache(4096)(Fraction)
"""Fractions are slow to make, and few strides exist."""


@record
class Reach:
    """Output `q * period + r` sees `first[r]` to `last[r]`, counted from `start + q * advance`.

    `first[0]` is 0. `exact` is false where the interval is only a hull: a position without any
    input, or branches whose distance depends on an unknown size. `still` sets the map of an axis
    on which nothing works apart from that of a window which happens to read one position each.
    """

    advance: int = 1
    start: Dimension = 0
    first: tuple[int, ...] = (0,)
    last: tuple[int, ...] = (0,)
    exact: bool = True
    still: bool = False

    @property
    def period(self) -> int:
        """After how many outputs the map repeats."""
        return len(self.first)

    @property
    def short(self) -> bool:
        """Whether it has few positions, so that it is worth remembering."""
        return self.period <= SHORT

    @property
    def stride(self) -> Fraction:
        """How far the interval moves from one output to the next, on average."""
        return _ratio(self.advance, self.period)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The length of the interval at each position of a period."""
        return tuple(last - first + 1 for first, last in zip(self.first, self.last, strict=True))

    def interval(self, output: int) -> tuple[int, int]:
        """The first and last input that one output sees, relative to `start`."""
        turn, position = divmod(output, self.period)
        low = turn * self.advance
        return low + self.first[position], low + self.last[position]


IDENTITY: Final = Reach(still=True)


def of_window(placement: Placement) -> Reach:
    """Output `i` sees `[i * s - before, i * s - before + e - 1]`."""
    window = placement.window
    return Reach(window.stride, -placement.before, (0,), (window.effective - 1,))


def of_shift(before: Dimension) -> Reach:
    """Padding by `before`, or cropping where it is negative: output `i` is input `i - before`."""
    return Reach(1, -before)


def of_repeat(factor: int) -> Reach | None:
    """Nearest upsampling: output `i` is input `floor(i / factor)`."""
    if factor > LONGEST_PERIOD:
        return None
    return Reach(1, 0, (0,) * factor, (0,) * factor)


def of_parts(size: Dimension, parts: Dimension) -> Reach | None:
    """An axis cut into parts: part `i` spans `[floor(i * n / o), ceil((i + 1) * n / o))`."""
    if not (is_known(size) and is_known(parts)):
        return IDENTITY if size is parts else None
    common = gcd(size, parts)
    period = parts // common
    if not 1 <= period <= LONGEST_PERIOD:
        return None
    return Reach(
        advance=size // common,
        first=tuple(part * size // parts for part in range(period)),
        last=tuple(-(-(part + 1) * size // parts) - 1 for part in range(period)),
    )


def of_transposed(placement: Placement) -> Reach | None:
    """Output `p` sees the inputs `i` with `p = i * s + j * d - before` for some tap `j`.

    A position that no tap reaches (a stride larger than the kernel) sees nothing; it gets the
    interval between its neighbours and the map is no longer exact.
    """
    window = placement.window
    stride, effective = window.stride, window.effective
    if stride > LONGEST_PERIOD:
        return None
    before = placement.before if is_known(placement.before) else 0
    first = [-((effective - 1 - before - output) // stride) for output in range(stride)]
    last = [(output + before) // stride for output in range(stride)]
    return Reach(
        advance=1,
        start=first[0] if is_known(placement.before) else UNKNOWN,
        first=tuple(index - first[0] for index in first),
        last=tuple(index - first[0] for index in last),
        exact=window.dilation == 1 and window.kernel >= stride,
    )


def compose(outer: Reach, inner: Reach) -> Reach | None:
    """First `inner`, from a layer's output to its input, then `outer`, from there to the beginning.

    `None` where the period passes `LONGEST_PERIOD`, or a stride or distance `FURTHEST`.
    """
    if outer is IDENTITY:
        return inner
    if inner is IDENTITY:
        return outer
    if outer.period == inner.period == 1:
        return _near(_compose_windows(outer, inner))
    turns = outer.period // gcd(outer.period, inner.advance)
    period = inner.period * turns
    if period > LONGEST_PERIOD:
        return None
    shift = inner.start if is_known(inner.start) else 0
    first, last = [], []
    for output in range(period):
        low, high = inner.interval(output)
        first.append(outer.interval(shift + low)[0])
        last.append(outer.interval(shift + high)[1])
    return _near(
        Reach(
            advance=outer.advance * (turns * inner.advance // outer.period),
            start=outer.start + first[0] if is_known(inner.start) else UNKNOWN,
            first=tuple(index - first[0] for index in first),
            last=tuple(index - first[0] for index in last),
            exact=outer.exact and inner.exact and (is_known(inner.start) or outer.period == 1),
        )
    )


def _compose_windows(outer: Reach, inner: Reach) -> Reach:
    """The common case: `i` maps to `i * s - p`, and that to `(i * s - p) * S - P`."""
    return Reach(
        advance=outer.advance * inner.advance,
        start=outer.start + inner.start * outer.advance,
        last=(inner.last[0] * outer.advance + outer.last[0],),
        exact=outer.exact and inner.exact,
    )


def _near(reach: Reach) -> Reach | None:
    """The map, unless one of its numbers passes `FURTHEST`."""
    start = reach.start if is_known(reach.start) else 0
    numbers = (reach.advance, start, *reach.first, *reach.last)
    return reach if max(map(abs, numbers)) <= FURTHEST else None


def unite(branches: Sequence[Reach]) -> Reach | None:
    """The hull of branches that have the same stride; `None` past `LONGEST_PERIOD`.

    Where a start is unknown the branches are taken to be centred on each other: the largest is
    the union, and the answer is not exact.
    """
    largest = max(branches, key=lambda reach: max(reach.sizes))
    if all(reach == largest for reach in branches):
        return largest
    starts = [reach.start for reach in branches if is_known(reach.start)]
    if len(starts) < len(branches):
        return replace(largest, start=UNKNOWN, exact=False)
    period = lcm(*(reach.period for reach in branches))
    if period > LONGEST_PERIOD:
        return None
    intervals = [
        [
            (start + low, start + high)
            for start, reach in zip(starts, branches, strict=True)
            for low, high in [reach.interval(output)]
        ]
        for output in range(period)
    ]
    first = [min(low for low, _ in position) for position in intervals]
    last = [max(high for _, high in position) for position in intervals]
    return Reach(
        advance=int(largest.stride * period),
        start=first[0],
        first=tuple(index - first[0] for index in first),
        last=tuple(index - first[0] for index in last),
        exact=all(reach.exact for reach in branches),
    )


def centre(reach: Reach) -> Fraction | None:
    """The middle of what output 0 sees, evened out over a period; `None` without a start."""
    if not is_known(reach.start):
        return None
    twice = sum(low + high for low, high in map(reach.interval, range(reach.period)))
    drift = reach.stride * sum(range(reach.period))
    return reach.start + (Fraction(twice, 2) - drift) / reach.period


def aligned(one: Reach, other: Reach) -> bool:
    """Whether two branches have the same stride and the same centre.

    Unknown starts are taken to agree.
    """
    if one == other:
        return True
    if one.period == other.period == 1 and is_known(one.start) and is_known(other.start):
        twice = [2 * one.start + one.last[0], 2 * other.start + other.last[0]]
        return one.advance == other.advance and twice[0] == twice[1]
    if one.stride != other.stride:
        return False
    centres = centre(one), centre(other)
    return None in centres or centres[0] == centres[1]
