"""Windows on one axis: how many positions fit, and how much padding lies on each side.

Throughout, `n` is the size of the axis, `k` the kernel, `s` the stride, `d` the dilation,
`e = d * (k - 1) + 1` the effective kernel and `o` the number of outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from shapewright.arithmetic.dimension import (
    UNKNOWN,
    Dimension,
    ceil_div,
    certainly_below,
    is_known,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.record import record


@record
class Window:
    """A kernel that walks along one axis."""

    kernel: int
    stride: int = 1
    dilation: int = 1

    @property
    def effective(self) -> int:
        """`e = d * (k - 1) + 1`, the span from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1


@record
class Placement:
    """Windows laid along one axis.

    Output `i` has its first tap at input index `i * stride - before`. `after` is the padding that
    was asked for at the end; it may reach further than the last window reads.
    """

    window: Window
    size: Dimension
    before: Dimension
    after: Dimension
    outputs: Dimension


Sides: TypeAlias = tuple[Dimension, Dimension]
Padding: TypeAlias = str | tuple[int, int]
"""A word of `WORDS`, or how many elements to add before and after (negative ones are cut)."""


def _valid(size: Dimension, window: Window) -> Sides:
    """No padding."""
    return 0, 0


def _same_totals(size: Dimension, window: Window) -> tuple[int, int]:
    """The least and the most of `max((ceil(n / s) - 1) * s + e - n, 0)`.

    The total depends on `n mod s` alone, so the two are equal unless that is unknown.
    Source: "Notes on padding" in the documentation of `tf.nn`.
    """
    effective, stride = window.effective, window.stride
    rest = size % stride
    if not is_known(rest):
        return max(effective - stride, 0), effective - 1
    total = max(effective - (rest or stride), 0)
    return total, total


def _same(size: Dimension, window: Window) -> Sides:
    """The odd element goes to the end (TensorFlow, Keras, ONNX SAME_UPPER)."""
    least, most = _same_totals(size, window)
    return _agreed(least // 2, most // 2), _agreed((least + 1) // 2, (most + 1) // 2)


def _agreed(least: int, most: int) -> Dimension:
    return least if least == most else UNKNOWN


def _same_lower(size: Dimension, window: Window) -> Sides:
    """The odd element goes to the beginning (ONNX SAME_LOWER)."""
    before, after = _same(size, window)
    return after, before


def _causal(size: Dimension, window: Window) -> Sides:
    """`d * (k - 1)` before and nothing after: no output sees a later input."""
    return window.effective - 1, 0


WORDS: Mapping[str, Callable[[Dimension, Window], Sides]] = {
    "valid": _valid,
    "same": _same,
    "same_lower": _same_lower,
    "causal": _causal,
}

EVERY_STRIDE: Final = frozenset({"same", "same_lower", "causal"})
"""The words that lay one window for each stride, `o = ceil(n / s)`, whatever the kernel."""


def sides(size: Dimension, window: Window, padding: Padding) -> Sides:
    """Turn a padding word into numbers: how much lies before and after the axis."""
    return WORDS[padding](size, window) if isinstance(padding, str) else padding


def place(
    size: Dimension, window: Window, padding: Padding = "valid", *, ceil: bool = False
) -> Placement:
    """Lay a window along an axis: `o = floor((n + before + after - e) / s) + 1`.

    A word of `EVERY_STRIDE` gives `ceil(n / s)` whatever the kernel, so nothing for an empty axis.
    With `ceil` the division rounds up, but the last window must start inside the input or the
    padding before it, not in the padding after it (PyTorch, `aten/src/ATen/native/Pool.h`).

    Raises:
        ShapeError: not one window fits.
    """
    before, after = sides(size, window, padding)
    if padding in EVERY_STRIDE:
        return Placement(window, size, before, after, ceil_div(size, window.stride))
    room = size + before + after - window.effective
    outputs = (ceil_div(room, window.stride) if ceil else room // window.stride) + 1
    if ceil and certainly_below(size + before - 1, (outputs - 1) * window.stride):
        outputs = outputs - 1
    if certainly_below(size, 1) or certainly_below(outputs, 1):
        raise ShapeError(_too_small(size, window, before, after), "kernel_size")
    return Placement(window, size, before, after, outputs)


def _too_small(size: Dimension, window: Window, before: Dimension, after: Dimension) -> str:
    padded = f" plus padding {show(before)} and {show(after)}" if (before, after) != (0, 0) else ""
    dilated = f" (kernel {window.kernel}, dilation {window.dilation})" * (window.dilation > 1)
    return (
        f"the window spans {window.effective} elements{dilated}, "
        f"but the axis has only {show(size)}{padded}"
    )
