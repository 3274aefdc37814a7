"""Notes with stable codes: what a reader of the numbers should not overlook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from shapewright.arithmetic.border import Sight
from shapewright.arithmetic.dimension import certainly_below, certainly_differ, is_known
from shapewright.arithmetic.reach import Reach, centre
from shapewright.arithmetic.window import Placement
from shapewright.memo import remembered
from shapewright.network.passing import Disagreement
from shapewright.network.visibility import Visibility
from shapewright.network.words import grouped, listed, of
from shapewright.operations.base import Note, WindowReport

CODES: Final[Mapping[str, str]] = {
    "asymmetric_padding": "more padding on one side than on the other",
    "even_effective_kernel": "an even window has no middle: at stride 1 `same` must be lopsided",
    "unread_input": "input elements that no window reads",
    "window_larger_than_input": "the window spans more than the whole axis",
    "unknown_size": "an unknown size leaves padding or borders open",
    "long_border": "more different windows than are listed",
    "uneven_overlap": "a transposed kernel that its stride does not divide: a checkerboard",
    "misaligned_branches": "branches that meet see the input at different strides or centres",
    "fields_left_out": "receptive fields that repeat after too many positions are left out",
    "training_only": "a layer that the framework applies in training alone",
    "quantized_weights": "weights that are quantized are reported as they are before",
    "unknown_layer": "a layer type that nobody here knows",
    "activation_left_out": "a run of a window alone does not apply the layer's activation",
    "bias_left_out": "a run without the layer's bias, which was not sent",
}
"""Every code, and what it tells."""


def notes_on_window(window: WindowReport, seen: Visibility) -> tuple[Note, ...]:
    """What is remarkable about a window."""
    notes = []
    axes = list(zip(window.placements, seen.axes, strict=True))
    for code, check in WINDOW_CHECKS.items():
        remarks = [check(window, placement, sight) for placement, sight in axes]
        if any(remarks):
            told = grouped(remarks)
            notes += [Note(code, f"{listed(names)}: {remark}") for remark, names in told if remark]
    return tuple(notes)


def _asymmetric(window: WindowReport, item: Placement, seen: Sight) -> str:
    if not certainly_differ(item.before, item.after):
        return ""
    verb = " cut" if window.transposed else ""
    return f"{item.before}{verb} before and {item.after}{verb} after"


def _even(window: WindowReport, item: Placement, seen: Sight) -> str:
    effective = item.window.effective
    if effective % 2 or item.window.stride != 1 or not window.mode.startswith("same"):
        return ""
    return f"a window of {effective} has no middle, so `same` adds one more on one side"


def _unread(window: WindowReport, item: Placement, seen: Sight) -> str:
    unread = seen.unread
    return f"{of(unread, 'element')} unread by every window" if unread else ""


def _larger(window: WindowReport, item: Placement, seen: Sight) -> str:
    if window.transposed or not certainly_below(item.size, item.window.effective):
        return ""
    return f"the window spans {item.window.effective}, the input only {item.size}"


def _unknown(window: WindowReport, item: Placement, seen: Sight) -> str:
    if is_known(item.size):
        return ""
    if is_known(item.before):
        return "the size is not known, so neither are the borders"
    return f"the size is not known; padding depends on its rest modulo {item.window.stride}"


def _long(window: WindowReport, item: Placement, seen: Sight) -> str:
    if seen.runs is not None or not is_known(item.size):
        return ""
    return "more different windows at the border than are listed"


def _uneven(window: WindowReport, item: Placement, seen: Sight) -> str:
    own = item.window
    if not window.transposed or own.dilation > 1 or own.kernel % own.stride == 0:
        return ""
    return f"the kernel {own.kernel} is no multiple of the stride {own.stride}"


WINDOW_CHECKS: Final = {
    "asymmetric_padding": _asymmetric,
    "even_effective_kernel": _even,
    "unread_input": _unread,
    "window_larger_than_input": _larger,
    "unknown_size": _unknown,
    "long_border": _long,
    "uneven_overlap": _uneven,
}
"""Each gives a remark on one axis, or nothing."""


def notes_on_report(complete: bool) -> Iterator[Note]:
    """What holds for the report as a whole."""
    if not complete:
        yield Note("fields_left_out", "some receptive fields are left out: they take too long")


def notes_on_branches(
    disagreements: Iterable[Disagreement], inputs: Sequence[str], sources: Sequence[str]
) -> Iterator[Note]:
    """Which branches meet without being aligned, and by how much they miss."""
    for item in disagreements:
        one, other, miss = _apart(item.one[1], item.other[1])
        yield Note(
            "misaligned_branches",
            f"axis {item.axis} of `{sources[item.source]}`: `{inputs[item.one[0]]}` has {one}, "
            f"`{inputs[item.other[0]]}` {other}{miss}",
        )


@remembered("sentences", lambda _, one, other: one.short and other.short)
def _apart(one: Reach, other: Reach) -> tuple[str, str, str]:
    """The grids of two branches, and where their strides agree the distance between the centres."""
    middles = centre(one), centre(other)
    miss = ""
    if one.stride == other.stride and middles[0] is not None and middles[1] is not None:
        distance = _number(abs(middles[0] - middles[1]))
        miss = f": they miss each other by {distance} elements"
    return _grid(one, middles[0]), _grid(other, middles[1]), miss


def _grid(reach: Reach, middle: Fraction | None) -> str:
    return f"stride {reach.stride}" + ("" if middle is None else f" and centre {_number(middle)}")


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
