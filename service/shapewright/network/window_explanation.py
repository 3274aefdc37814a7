"""What a window does, in sentences: what was asked, what was resolved and why, what it misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapewright.arithmetic.dimension import Dimension, is_known
from shapewright.arithmetic.window import Placement, Sides
from shapewright.network.visibility import Visibility
from shapewright.network.words import by, count, grouped, listed, of, once
from shapewright.operations.base import WindowReport


def explain_window(window: WindowReport, seen: Visibility) -> str:
    """One to three sentences."""
    if window.transposed:
        told = [_spreads(window.placements), *_cuts(window), *_uneven(window.placements)]
    else:
        told = [_slides(window.placements), *_pads(window), *_misses(window, seen)]
    return " ".join(told)


# ---- plain windows -------------------------------------------------------------------------------


def _slides(placements: Sequence[Placement]) -> str:
    windows = [item.window for item in placements]
    if all(window.kernel == window.stride == 1 for window in windows):
        return "Reads one position for each output: what lies around it does not matter."
    kernels, spread = by(w.kernel for w in windows), by(w.effective for w in windows)
    strides = [window.stride for window in windows]
    moves = "one step" if set(strides) == {1} else f"{once(strides)} steps"
    dilated = "" if spread == kernels else f", spread over {spread} by its dilation,"
    return f"A window of {kernels}{dilated} moves {moves} at a time and {_makes(placements)}."


def _makes(placements: Sequence[Placement]) -> str:
    """Sizes in and out, or how one follows from the other."""
    sizes, outputs = [i.size for i in placements], [i.outputs for i in placements]
    if all(map(is_known, sizes)):
        made = sizes == outputs
        return f"keeps {by(sizes)}" if made else f"makes {by(outputs)} of {by(sizes)}"
    rules = grouped([_rule(item) for item in placements])
    if [rule for rule, _ in rules] == ["all n"]:
        return f"keeps {listed(rules[0][1])}"
    return f"makes {listed([f'{rule} along {listed(axes)}' for rule, axes in rules])}"


def _rule(placement: Placement) -> str:
    """What becomes of an axis, by a formula where its size `n` is unknown."""
    stride, before, after = placement.window.stride, placement.before, placement.after
    if is_known(placement.size):
        return f"{count(placement.outputs)} of {count(placement.size)}"
    if not (is_known(before) and is_known(after)):
        return f"ceil(n / {stride}) of n"
    room = before + after - placement.window.effective
    if stride > 1:
        least = _signed(room + stride)
        return f"floor({f'(n{least})' if least else 'n'} / {stride}) of n"
    return f"n{_signed(room + 1)} of n" if room + 1 else "all n"


def _signed(number: int) -> str:
    return f" {'-' if number < 0 else '+'} {abs(number)}" if number else ""


def _pads(window: WindowReport) -> Iterator[str]:
    """How the padding was resolved, in one sentence for all axes."""
    sides = [(item.before, item.after) for item in window.placements]
    if all(side == (0, 0) for side in sides) and not window.mode.startswith("same"):
        return
    if all(item.window.kernel == item.window.stride == 1 for item in window.placements):
        return
    word = f"`{window.mode}` padding" if window.mode != "explicit" else "Padding"
    groups = grouped(sides)
    groups.sort(key=lambda group: not all(map(is_known, group[0])))
    told = [_added(before, after, listed(axes)) for (before, after), axes in groups]
    yield f"{word} adds {listed(told)}{_why_lopsided(window.mode, groups)}."


def _added(before: Dimension, after: Dimension, axes: str) -> str:
    if not (is_known(before) and is_known(after)):
        return f"to {axes} as much as an unknown size asks for"
    if before == after:
        return f"{before} on each side of {axes}" if before else f"nothing to {axes}"
    sides = [f"{n} {where}" for n, where in ((before, "before"), (after, "after")) if n]
    return f"{listed(sides)} {axes}"


def _why_lopsided(mode: str, groups: Sequence[tuple[Sides, Sequence[str]]]) -> str:
    """Why one side gets more, where a word decided that."""
    totals = [b + a for (b, a), _ in groups if is_known(b) and is_known(a) and b != a]
    if not totals:
        return ""
    if mode == "causal":
        return ", so that no output sees a later input"
    if not mode.startswith("same"):
        return ""
    end = "beginning" if mode == "same_lower" else "end"
    return f": {once(totals)} cannot be halved, so the extra one goes to the {end}"


def _misses(window: WindowReport, seen: Visibility) -> Iterator[str]:
    """What is not read, and how much of the kernel the border sees."""
    unread = [axis.unread for axis in seen.axes]
    if any(unread):
        parts = [
            f"{of(number, 'element')} of {' and of '.join(axes)}"
            for number, axes in grouped(unread)
            if number
        ]
        yield f"No window reads {listed(parts)}{_why_unread(window.placements)}."
        return
    kernels = [item.window.kernel for item in window.placements]
    first = [axis.first for axis in seen.axes if axis.first is not None]
    last = [axis.last for axis in seen.axes if axis.last is not None]
    if len(first) == len(last) == len(kernels) and not kernels == first == last:
        yield (
            f"Of the {by(kernels)} taps, the first window has {by(first)} on data "
            f"and the last {by(last)}."
        )


def _why_unread(placements: Sequence[Placement]) -> str:
    if any(item.window.stride > item.window.effective for item in placements):
        return ": the stride is larger than the window"
    return ": what is left at the end is shorter than a stride"


# ---- transposed windows --------------------------------------------------------------------------


def _spreads(placements: Sequence[Placement]) -> str:
    kernels = by(item.window.effective for item in placements)
    strides = once([item.window.stride for item in placements])
    full = by((i.size - 1) * i.window.stride + i.window.effective for i in placements)
    sizes = by(item.size for item in placements)
    return (
        f"Each of {sizes} inputs spreads over {kernels} outputs, {strides} apart: {full} in full."
    )


def _cuts(window: WindowReport) -> Iterator[str]:
    """What is cut from the full result or added to it."""
    made = by(item.outputs for item in window.placements)
    told = []
    for (before, after), axes in grouped([(i.before, i.after) for i in window.placements]):
        if before == after and is_known(before) and before:
            told.append(f"{_cut(before)} on each side of {listed(axes)}")
        elif before != after:
            sides = ((before, "before"), (after, "after"))
            parts = [f"{_cut(n)} {where}" for n, where in sides if not is_known(n) or n]
            told.append(f"{listed(parts)} {listed(axes)}")
    if told:
        yield f"The padding {listed(told)}, which leaves {made}."


def _cut(amount: Dimension) -> str:
    if is_known(amount) and amount < 0:
        return f"adds {-amount}"
    return f"cuts {count(amount)}"


def _uneven(placements: Sequence[Placement]) -> Iterator[str]:
    """A kernel that the stride does not divide makes a checkerboard."""
    for item in placements:
        kernel, stride = item.window.kernel, item.window.stride
        if item.window.dilation == 1 and kernel % stride:
            yield (
                f"The kernel {kernel} is no multiple of the stride {stride}, so neighbouring "
                f"outputs sum {kernel // stride} or {kernel // stride + 1} taps by turns."
            )
            return
