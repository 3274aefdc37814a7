"""Receptive fields of chains, against an oracle that walks from each output back to the input."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapewright.arithmetic.dimension import UNKNOWN, is_known
from shapewright.arithmetic.reach import (
    FURTHEST,
    IDENTITY,
    Reach,
    aligned,
    compose,
    of_repeat,
    of_shift,
    of_transposed,
    of_window,
    unite,
)
from shapewright.arithmetic.window import Placement, Window

Step = tuple[Reach | None, Callable[[int], set[int]]]
"""A layer as a reach, and as the set of inputs that one output reads."""


def window_step(kernel: int, stride: int, dilation: int, before: int) -> Step:
    reach = of_window(Placement(Window(kernel, stride, dilation), 99, before, 0, 99))
    return reach, lambda i: {i * stride - before + tap * dilation for tap in range(kernel)}


def shift_step(before: int) -> Step:
    return of_shift(before), lambda i: {i - before}


def repeat_step(factor: int) -> Step:
    return of_repeat(factor), lambda i: {i // factor}


def transposed_step(kernel: int, stride: int, before: int) -> Step:
    reach = of_transposed(Placement(Window(kernel, stride), 99, before, 0, 99))

    def read(output: int) -> set[int]:
        return {
            (output + before - tap) // stride
            for tap in range(kernel)
            if (output + before - tap) % stride == 0
        }

    return reach, read


STEPS = st.one_of(
    st.builds(
        window_step, st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(0, 4)
    ),
    st.builds(shift_step, st.integers(-3, 3)),
    st.builds(repeat_step, st.integers(1, 3)),
    st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 3)).map(
        lambda t: transposed_step(t[0] + t[1], t[0], t[2])
    ),
)
"""Transposed windows here have a kernel of at least the stride, so that none is empty."""


def chained(steps: list[Step]) -> Reach:
    total = IDENTITY
    for reach, _ in steps:
        assert reach is not None
        composed = compose(total, reach)
        assert composed is not None
        total = composed
    return total


def walked(steps: list[Step], output: int) -> set[int]:
    seen = {output}
    for _, read in reversed(steps):
        seen = {index for position in seen for index in read(position)}
    return seen


def interval(reach: Reach, output: int) -> tuple[int, int]:
    assert is_known(reach.start)
    low, high = reach.interval(output)
    return reach.start + low, reach.start + high


@settings(max_examples=600, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=6))
def test_a_chain_sees_what_walking_back_finds(steps: list[Step]) -> None:
    total = chained(steps)
    assert total.exact
    for output in (-5, 0, 1, 2, 3, 17):
        seen = walked(steps, output)
        assert interval(total, output) == (min(seen), max(seen))


@settings(max_examples=300, deadline=None)
@given(
    one=st.lists(STEPS, min_size=1, max_size=4),
    other=st.lists(STEPS, min_size=1, max_size=4),
)
def test_a_union_is_the_hull_of_both_branches(one: list[Step], other: list[Step]) -> None:
    branches = [chained(one), chained(other)]
    if branches[0].stride != branches[1].stride:
        assert not aligned(*branches)
        return
    union = unite(branches)
    assert union is not None
    for output in range(13):
        seen = walked(one, output) | walked(other, output)
        assert interval(union, output) == (min(seen), max(seen))


def test_a_known_network() -> None:
    """VGG-16 up to pool5 (Distill table): size 212, stride 32, padding 90."""
    total = IDENTITY
    for convolutions in (2, 2, 3, 3, 3):
        for _ in range(convolutions):
            total = compose(total, Reach(1, -1, (0,), (2,))) or total
        total = compose(total, Reach(2, 0, (0,), (1,))) or total
    assert (total.sizes, total.stride, total.start) == ((212,), Fraction(32), -90)


def test_size_and_stride_survive_an_unknown_start() -> None:
    total = compose(of_window(Placement(Window(3, 2), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)), Reach())
    assert total is not None
    deeper = compose(total, Reach(2, -1, (0,), (2,)))
    assert deeper is not None
    assert (deeper.sizes, deeper.stride, deeper.start) == ((7,), Fraction(4), UNKNOWN)


def test_periods_are_bounded() -> None:
    assert of_repeat(2**31 - 1) is None
    many = of_repeat(4096)
    assert many is not None
    assert compose(many, many) is None


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (Reach(2**30), Reach(2**30)),
        (Reach(2**30, -(2**30)), Reach(1, -(2**30))),
        (Reach(1, -FURTHEST), Reach(1, -1)),
        (Reach(1, -FURTHEST), Reach(1, -1, (0, 0), (0, 0))),
        (Reach(1, 0, (0,), (FURTHEST,)), Reach(1, 0, (0,), (1,))),
    ],
    ids=["stride", "distance", "start", "start of a repeat", "size"],
)
def test_numbers_that_no_json_reader_keeps_are_not_told(outer: Reach, inner: Reach) -> None:
    assert compose(outer, inner) is None
