"""What windows see, against an oracle that lays every tap of every window by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapewright.arithmetic.border import Run, Sight, sight
from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.arithmetic.window import Placement, Window, place

WINDOWS = st.builds(Window, st.integers(1, 6), st.integers(1, 6), st.integers(1, 5))


def taps_by_hand(placement: Placement, *, transposed: bool) -> list[list[int]]:
    """For each output the taps on data, found by trying every tap."""
    window = placement.window
    seen = []
    for output in range(placement.outputs):
        taps = []
        for tap in range(window.kernel):
            if transposed:
                quotient, rest = divmod(
                    output + placement.before - tap * window.dilation, window.stride
                )
                on_data = not rest and 0 <= quotient < placement.size
            else:
                index = output * window.stride - placement.before + tap * window.dilation
                on_data = 0 <= index < placement.size
            if on_data:
                taps.append(tap)
        seen.append(taps)
    return seen


def inputs_by_hand(placement: Placement, *, transposed: bool) -> set[int]:
    """All inputs that some tap reads."""
    window = placement.window
    read = set()
    for output in range(placement.outputs):
        for tap in range(window.kernel):
            if transposed:
                index, rest = divmod(
                    output + placement.before - tap * window.dilation, window.stride
                )
                if rest:
                    continue
            else:
                index = output * window.stride - placement.before + tap * window.dilation
            if 0 <= index < placement.size:
                read.add(index)
    return read


def laid_out(runs: tuple[Run, ...], outputs: int) -> list[list[int]]:
    """The taps of each output, unrolled from the runs; every output in exactly one run."""
    seen: list[list[int] | None] = [None] * outputs
    for run in runs:
        for output in range(run.first, run.last + 1, run.step):
            assert seen[output] is None
            taps = run.taps and range(run.taps[0], run.taps[1] + 1, run.tap_step)
            seen[output] = list(taps or ())
    assert None not in seen
    return [taps for taps in seen if taps is not None]


@settings(max_examples=1500, deadline=None)
@given(
    window=WINDOWS,
    size=st.integers(1, 14),
    before=st.integers(-4, 12),
    outputs=st.integers(1, 14),
    transposed=st.booleans(),
)
def test_sight_is_what_laying_every_tap_finds(
    window: Window, size: int, before: int, outputs: int, transposed: bool
) -> None:
    placement = Placement(window, size, before, 0, outputs)
    found = sight(placement, transposed=transposed)
    by_hand = taps_by_hand(placement, transposed=transposed)
    assert found.runs is not None
    assert laid_out(found.runs, outputs) == by_hand
    counts = list(map(len, by_hand))
    assert (found.first, found.last, found.most) == (counts[0], counts[-1], max(counts))
    assert found.total == sum(counts)
    read = inputs_by_hand(placement, transposed=transposed)
    assert found.unread == size - len(read)


def test_runs_of_a_plain_window_are_as_few_as_they_can_be() -> None:
    runs = sight(place(224, Window(7, 2), "same")).runs
    assert runs is not None
    assert [(run.first, run.last, run.taps) for run in runs] == [
        (0, 0, (2, 6)),
        (1, 109, (0, 6)),
        (110, 110, (0, 5)),
        (111, 111, (0, 3)),
    ]


@pytest.mark.parametrize(
    ("placement", "transposed"),
    [
        (place(2**31 - 1, Window(3, 2), "same"), False),
        (place(2**31 - 1, Window(2**31 - 1, 1), "same"), False),
        (place(2**31 - 1, Window(2**20, 3, 2**10), "causal"), False),
        (Placement(Window(2**31 - 1, 2**31 - 1), 2**31 - 1, 0, 0, 2**31 - 1), True),
        (Placement(Window(3, 2), 2**31 - 1, 0, 0, 2**31 - 1), True),
    ],
    ids=["long axis", "huge kernel", "huge dilated kernel", "huge stride", "long transposed"],
)
def test_huge_numbers_cost_nothing(placement: Placement, transposed: bool) -> None:
    found = sight(placement, transposed=transposed)
    assert found.runs is None or len(found.runs) <= 8


def test_an_unknown_size_leaves_everything_open() -> None:
    assert sight(place(UNKNOWN, Window(3, 1), "same")) == Sight()


def test_long_windows_are_counted_without_looking_at_each_tap() -> None:
    beside, apart = Window(2**20, 2**20 - 1), Window(2**20, 1, 2**10)
    assert sight(Placement(beside, 2**30, 0, 0, 1024)).unread == 2**30 - 1023 * (2**20 - 1) - 2**20
    assert sight(Placement(apart, 2**30, 0, 0, 1)).unread == 2**30 - 2**20


def test_a_list_is_as_long_as_it_may_be() -> None:
    placement = place(100, Window(17, 1), "same")
    assert len(sight(placement, longest=17).runs or ()) == 17
    assert sight(placement, longest=16).runs is None
