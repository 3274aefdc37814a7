"""Windows on one axis: how many positions fit, and how much padding lies on each side.

Throughout, `n` is the size of the axis, `k` the kernel, `s` the stride, `d` the dilation,
`e = d * (k - 1) + 1` the effective kernel and `o` the number of outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shapewright.arithmetic.dimension import (
    Dimension,
    at_least,
    ceil_div,
    certainly_below,
    is_known,
    show,
)
from shapewright.arithmetic.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel that walks along one axis."""

    kernel: int
    stride: int = 1
    dilation: int = 1

    @property
    def effective(self) -> int:
        """`e = d * (k - 1) + 1`, the span from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1


@dataclass(frozen=True, slots=True)
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


def _same_total(size: Dimension, window: Window) -> Dimension:
    """`max((ceil(n / s) - 1) * s + e - n, 0)`, written by `n mod s`.

    So the total is known for any size where the stride is 1 or the window is a single tap.
    Source: "Notes on padding" in the documentation of `tf.nn`.
    """
    if window.effective == 1:
        return 0
    rest = size % window.stride
    if not is_known(rest):
        return rest
    return at_least(window.effective - (rest or window.stride), 0)


def _valid(size: Dimension, window: Window) -> Sides:
    """No padding."""
    return 0, 0


def _same(size: Dimension, window: Window) -> Sides:
    """The odd element goes to the end (TensorFlow, Keras, ONNX SAME_UPPER)."""
    total = _same_total(size, window)
    return total // 2, total - total // 2


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


def sides(size: Dimension, window: Window, padding: Padding) -> Sides:
    """Turn a padding word into numbers: how much lies before and after the axis."""
    return WORDS[padding](size, window) if isinstance(padding, str) else padding


def place(
    size: Dimension, window: Window, padding: Padding = "valid", *, ceil: bool = False
) -> Placement:
    """Lay a window along an axis: `o = floor((n + before + after - e) / s) + 1`.

    With `same` the count is `ceil(n / s)` whatever the kernel. With `ceil` the division rounds up,
    but the last window must start inside the input or the padding before it, not in the padding
    after it (PyTorch, `aten/src/ATen/native/Pool.h`).

    Raises:
        ShapeError: not one window fits.
    """
    before, after = sides(size, window, padding)
    if padding in ("same", "same_lower"):
        outputs = ceil_div(size, window.stride)
    else:
        room = size + before + after - window.effective
        outputs = (ceil_div(room, window.stride) if ceil else room // window.stride) + 1
        if ceil and certainly_below(size + before - 1, (outputs - 1) * window.stride):
            outputs = outputs - 1
    if certainly_below(outputs, 1):
        raise ShapeError(_too_small(size, window, before, after), "kernel_size")
    return Placement(window, size, before, after, outputs)


def _too_small(size: Dimension, window: Window, before: Dimension, after: Dimension) -> str:
    padded = f" plus padding {show(before)} and {show(after)}" if (before, after) != (0, 0) else ""
    dilated = f" (kernel {window.kernel}, dilation {window.dilation})" * (window.dilation > 1)
    return (
        f"the window spans {window.effective} elements{dilated}, "
        f"but the axis has only {show(size)}{padded}"
    )


def place_transposed(
    size: Dimension, window: Window, padding: Padding, output_padding: int = 0
) -> Placement:
    """Lay a transposed window: each input spreads over `e` outputs, `s` apart.

    `o = (n - 1) * s + e - before - after`, where `after` is what is cut at the end less
    `output_padding`; a negative side is filled with zeros.
    Source: Dumoulin & Visin, arXiv 1603.07285, relationship 14; PyTorch ConvTranspose.

    Raises:
        ShapeError: nothing is left after the cut.
    """
    before, after = sides(size, window, padding)
    after = after - output_padding
    full = (size - 1) * window.stride + window.effective
    outputs = full - before - after
    if certainly_below(outputs, 1):
        raise ShapeError(
            f"{show(size)} inputs spread over {show(full)} outputs, "
            f"and the padding cuts {show(before)} and {show(after)} of them: none is left",
            "padding",
        )
    return Placement(window, size, before, after, outputs)
