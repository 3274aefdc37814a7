"""Windows along one axis, against an oracle that lays them one by one and counts."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shapewright.arithmetic.dimension import UNKNOWN, is_known
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.transposed import place_transposed
from shapewright.arithmetic.window import WORDS, Placement, Window, place

SIZES = st.integers(1, 30)
WINDOWS = st.builds(Window, st.integers(1, 6), st.integers(1, 6), st.integers(1, 4))


def taps(start: int, window: Window) -> list[int]:
    """The indices that a window reads from its first tap on."""
    return [start + tap * window.dilation for tap in range(window.kernel)]


def laid(first: int, end: int, window: Window) -> list[int]:
    """Where windows start that are laid from `first` on and have their last tap before `end`."""
    starts = []
    while taps(first, window)[-1] < end:
        starts.append(first)
        first += window.stride
    return starts


def placed(size: int, window: Window, padding: str | tuple[int, int]) -> tuple[object, ...]:
    """Padding before, padding after, and the number of outputs."""
    placement = place(size, window, padding)
    return placement.before, placement.after, placement.outputs


@given(SIZES, WINDOWS, st.integers(-3, 8), st.integers(-3, 8))
def test_explicit(size: int, window: Window, before: int, after: int) -> None:
    count = len(laid(-before, size + after, window))
    if count:
        assert placed(size, window, (before, after)) == (before, after, count)
    else:
        with pytest.raises(ShapeError):
            place(size, window, (before, after))


@given(SIZES, WINDOWS)
def test_valid_is_no_padding(size: int, window: Window) -> None:
    assume(laid(0, size, window))
    assert placed(size, window, "valid") == placed(size, window, (0, 0))


@given(SIZES, WINDOWS)
def test_same_pads_as_little_as_a_window_for_each_stride_needs(size: int, window: Window) -> None:
    wanted = len(range(0, size, window.stride))
    total = 0
    while len(laid(0, size + total, window)) < wanted:
        total += 1
    less, more = total // 2, total - total // 2
    assert placed(size, window, "same") == (less, more, wanted)
    assert placed(size, window, "same_lower") == (more, less, wanted)


@given(SIZES, WINDOWS)
def test_causal_windows_end_at_the_element_that_they_stand_for(size: int, window: Window) -> None:
    before, after, outputs = placed(size, window, "causal")
    assert isinstance(before, int)
    assert after == 0
    starts = laid(-before, size, window)
    ends = [taps(start, window)[-1] for start in starts]
    assert ends == list(range(0, size, window.stride))
    assert outputs == len(starts)


@given(SIZES, WINDOWS, st.data())
def test_ceil_lays_one_more_window_if_it_starts_on_data(
    size: int, window: Window, data: st.DataObject
) -> None:
    pad = data.draw(st.integers(0, window.effective // 2))
    longer = laid(-pad, size + pad + window.stride - 1, window)
    count = len([start for start in longer if start < size])
    if count:
        assert place(size, window, (pad, pad), ceil=True).outputs == count
    else:
        with pytest.raises(ShapeError):
            place(size, window, (pad, pad), ceil=True)


def spread(size: int, window: Window) -> set[int]:
    """Which positions of the full transposed result some tap writes to."""
    return {index for i in range(size) for index in taps(i * window.stride, window)}


@given(SIZES, WINDOWS, st.integers(-3, 8), st.integers(-3, 8), st.integers(0, 5))
def test_transposed_explicit(
    size: int, window: Window, before: int, after: int, extra: int
) -> None:
    left = range(before, max(spread(size, window)) + 1 - after + extra)
    if left:
        placement = place_transposed(size, window, (before, after), extra)
        assert (placement.before, placement.after) == (before, after - extra)
        assert placement.outputs == len(left)
    else:
        with pytest.raises(ShapeError):
            place_transposed(size, window, (before, after), extra)


@given(SIZES, WINDOWS)
def test_transposed_valid_keeps_all_and_fills_up_the_last_stride(size: int, window: Window) -> None:
    written = max(spread(size, window)) + 1
    placement = place_transposed(size, window, "valid")
    assert placement.outputs == max(written, size * window.stride)
    assert placement.before == 0
    assert placement.after == min(written - size * window.stride, 0)


@given(SIZES, WINDOWS)
def test_transposed_same_undoes_same(size: int, window: Window) -> None:
    """The plain window over the result has as many outputs, and pads what was cut."""
    placement = place_transposed(size, window, "same")
    assert placement.outputs == size * window.stride
    back = place(placement.outputs, window, "same")
    assert back.outputs == size
    assert back.before == placement.before
    assert back.after == max(placement.after, 0)


@given(SIZES, WINDOWS, st.data())
def test_transposed_output_padding_adds_to_the_smallest_result(
    size: int, window: Window, data: st.DataObject
) -> None:
    extra = data.draw(st.integers(0, window.stride - 1))
    written = max(spread(size, window)) + 1
    placement = place_transposed(size, window, "valid", extra)
    assert (placement.before, placement.after) == (0, -extra)
    assert placement.outputs == written + extra

    placement = place_transposed(size, window, "same", extra)
    smallest = (size - 1) * window.stride + window.effective % 2
    assert placement.outputs == smallest + extra
    assert placement.before + placement.after == written - placement.outputs
    assert 0 <= placement.before <= max(placement.after, 0)
    assert placement.after - placement.before <= 1


@given(SIZES, WINDOWS, st.integers(0, 5), st.integers(0, 5))
def test_transposed_takes_windows_back(size: int, window: Window, before: int, after: int) -> None:
    """A plain window over the result of a transposed one has as many outputs again."""
    assume(len(spread(size, window)) and max(spread(size, window)) >= before + after)
    forth = place_transposed(size, window, (before, after))
    assert place(forth.outputs, window, (before, after)).outputs == size


def sides(placement: Placement) -> tuple[object, object]:
    return placement.before, placement.after


@pytest.mark.parametrize("word", sorted(WORDS))
@given(window=WINDOWS)
def test_unknown_size_knows_what_all_sizes_agree_on(word: str, window: Window) -> None:
    unknown = place(UNKNOWN, window, word)
    known = [place(size, window, word) for size in range(1, 41) if fits(size, window, word)]
    assert unknown.outputs is UNKNOWN
    for found, several in zip(sides(unknown), zip(*map(sides, known), strict=True), strict=True):
        agreed = several[0] if len(set(several)) == 1 else UNKNOWN
        assert found == agreed


def fits(size: int, window: Window, word: str) -> bool:
    return word != "valid" or window.effective <= size


@given(WINDOWS, st.sampled_from(["valid", "same"]))
def test_transposed_cuts_do_not_depend_on_the_size(window: Window, word: str) -> None:
    unknown = place_transposed(UNKNOWN, window, word)
    assert not is_known(unknown.outputs)
    assert {sides(place_transposed(size, window, word)) for size in range(1, 41)} == {
        sides(unknown)
    }


@pytest.mark.parametrize("word", ["same", "same_lower", "causal"])
def test_words_give_nothing_for_nothing(word: str) -> None:
    assert place(0, Window(3, 2), word).outputs == 0


@pytest.mark.parametrize("padding", ["valid", (0, 0), (4, 4)])
def test_padding_alone_is_not_read(padding: str | tuple[int, int]) -> None:
    with pytest.raises(ShapeError) as caught:
        place(0, Window(3), padding)
    assert "only 0" in caught.value.detail


TOO_SMALL = [
    (4, Window(5), (0, 0), "the window spans 5 elements, but the axis has only 4"),
    (
        4,
        Window(3, 1, 4),
        (1, 2),
        "the window spans 9 elements (kernel 3, dilation 4), "
        "but the axis has only 4 plus padding 1 and 2",
    ),
]


@pytest.mark.parametrize(("size", "window", "padding", "detail"), TOO_SMALL)
def test_message_names_both_sizes(
    size: int, window: Window, padding: tuple[int, int], detail: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        place(size, window, padding)
    assert caught.value.detail == detail
    assert caught.value.parameter == "kernel_size"


def test_message_names_the_cuts() -> None:
    with pytest.raises(ShapeError) as caught:
        place_transposed(2, Window(3), (2, 2))
    assert caught.value.detail == (
        "2 inputs spread over 4 outputs, of which the padding cuts "
        "2 at the beginning and 2 at the end: none is left"
    )
    assert caught.value.parameter == "padding"
