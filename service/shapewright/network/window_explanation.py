"""What a window does, in sentences: what was asked, what was resolved and why, what it misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapewright.arithmetic.dimension import Dimension, is_known
from shapewright.arithmetic.window import Placement
from shapewright.network.visibility import Visibility
from shapewright.network.words import by, count, grouped, listed, of, once
from shapewright.operations.base import WindowReport


def explain_window(window: WindowReport, seen: Visibility) -> Iterator[str]:
    """One to three sentences."""
    if window.transposed:
        yield _spreads(window.placements)
        yield from _cuts(window)
        yield from _uneven(window.placements)
        return
    yield _slides(window.placements)
    yield from _pads(window)
    yield from _misses(window, seen)


# ---- plain windows -------------------------------------------------------------------------------


def _slides(placements: Sequence[Placement]) -> str:
    kernels = [item.window.kernel for item in placements]
    strides = [item.window.stride for item in placements]
    moves = "one step" if set(strides) == {1} else f"{once(strides)} steps"
    sizes, outputs = [i.size for i in placements], [i.outputs for i in placements]
    made = (
        f"keeps {by(sizes)}"
        if sizes == outputs and all(map(is_known, sizes))
        else f"makes {by(outputs)} of {by(sizes)}"
    )
    spread = [item.window.effective for item in placements]
    dilated = "" if spread == kernels else f", spread over {by(spread)} by its dilation,"
    return f"A window of {by(kernels)}{dilated} moves {moves} at a time and {made}."


def _pads(window: WindowReport) -> Iterator[str]:
    """How the padding was resolved, axis by axis where they differ."""
    for (before, after), axes in grouped([(i.before, i.after) for i in window.placements]):
        text = _padding(window, before, after, listed(axes))
        if text:
            yield text


def _padding(window: WindowReport, before: Dimension, after: Dimension, axes: str) -> str | None:
    word = f"`{window.mode}` padding" if window.mode != "explicit" else "Padding"
    if not (is_known(before) and is_known(after)):
        return f"How much {word} adds to {axes} depends on the size, which is not known."
    if before == after == 0:
        return f"{word} adds nothing to {axes} here." if window.mode.startswith("same") else None
    if before == after:
        return f"{word} adds {before} on each side of {axes}."
    split = f"{word} adds {before} before and {after} after {axes}"
    if window.mode.startswith("same"):
        end = "end" if after > before else "beginning"
        return f"{split}: {before + after} is odd, and the odd one goes to the {end}."
    if window.mode == "causal":
        return f"{split}, so that no output sees a later input."
    return f"{split}."


def _misses(window: WindowReport, seen: Visibility) -> Iterator[str]:
    """What is not read, and how much of the kernel the border sees."""
    unread = [axis.unread for axis in seen.axes]
    if any(unread):
        parts = [
            f"{of(number, 'element')} of {listed(axes)}"
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
    for (before, after), axes in grouped([(i.before, i.after) for i in window.placements]):
        if before == after == 0:
            continue
        first, last = _cut(before), _cut(after)
        sides = f"{first} on each side" if before == after else f"{first} before and {last} after"
        yield f"The padding {sides} of {listed(axes)}, which leaves {made}."


def _cut(amount: Dimension) -> str:
    if is_known(amount) and amount < 0:
        return f"adds {-amount}"
    return f"cuts {count(amount)}"


def _uneven(placements: Sequence[Placement]) -> Iterator[str]:
    """A kernel that the stride does not divide makes a checkerboard."""
    for item in placements:
        kernel, stride = item.window.kernel, item.window.stride
        if item.window.dilation == 1 and stride > 1 and kernel % stride:
            low, high = kernel // stride, -(-kernel // stride)
            yield (
                f"The kernel {kernel} is no multiple of the stride {stride}, so neighbouring "
                f"outputs sum {low} or {high} taps by turns."
            )
            return
