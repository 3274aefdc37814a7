"""Transposed windows on one axis: each input spreads over many outputs, and the edges are cut.

Throughout, `n` is the size of the axis, `s` the stride, `e` the effective kernel and
`(n - 1) * s + e` the full result, of which `before` and `after` are cut at the two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shapewright.arithmetic.dimension import Dimension, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Padding, Placement, Window


def _valid(window: Window, output_padding: int | None) -> tuple[int, int]:
    """Nothing is cut; left open, `output_padding` makes up for a stride beyond the kernel."""
    if output_padding is None:
        output_padding = max(window.stride - window.effective, 0)
    return 0, -output_padding


def _same(window: Window, output_padding: int | None) -> tuple[int, int]:
    """What is left is `n * s`, or with `output_padding` `(n - 1) * s + e % 2 + output_padding`.

    The smaller half is cut before, and never less than nothing.
    """
    effective = window.effective
    kept = window.stride if output_padding is None else effective % 2 + output_padding
    total = effective - kept
    before = max(total // 2, 0)
    return before, total - before


WORDS: Mapping[str, Callable[[Window, int | None], tuple[int, int]]] = {
    "valid": _valid,
    "same": _same,
}
"""Source: `_convert_conv_transpose_padding_args_from_keras_to_jax` in Keras's `backend_utils.py`,
where the padding of the equal plain convolution, `e - 1 - cut`, stands for each cut."""


def cuts(window: Window, padding: Padding, output_padding: int | None) -> tuple[int, int]:
    """How much of the full result is cut before and after; a negative cut appends zeros.

    Numbers are cut as they are, less `output_padding` at the end.
    """
    if isinstance(padding, str):
        return WORDS[padding](window, output_padding)
    before, after = padding
    return before, after - (output_padding or 0)


def place_transposed(
    size: Dimension,
    window: Window,
    padding: Padding = "valid",
    output_padding: int | None = None,
    *,
    may_be_empty: bool = False,
) -> Placement:
    """Lay a transposed window: `o = (n - 1) * s + e - before - after`.

    A word may leave an axis empty, numbers must leave something unless `may_be_empty`.
    Source: Dumoulin & Visin, arXiv 1603.07285, relationship 14; PyTorch ConvTranspose.

    Raises:
        ShapeError: the cut takes more than there is.
    """
    before, after = cuts(window, padding, output_padding)
    full = (size - 1) * window.stride + window.effective
    outputs = full - before - after
    if certainly_below(outputs, 0 if may_be_empty or isinstance(padding, str) else 1):
        raise ShapeError(
            f"{show(size)} inputs spread over {show(full)} outputs, of which the padding cuts "
            f"{before} at the beginning and {after} at the end: none is left",
            "padding",
        )
    return Placement(window, size, before, after, outputs)


def place_to_size(size: Dimension, window: Window, padding: Padding, wanted: int) -> Placement:
    """Lay a transposed window so that `wanted` outputs are left.

    What stays at the end all the same makes up for what is missing, but for less than a stride:
    the inputs that a plain window takes to `n` outputs are the sizes that can be asked for.

    Raises:
        ShapeError: so many cannot be left.
    """
    before, after = cuts(window, padding, 0)
    least = (size - 1) * window.stride + window.effective - before - after
    most = least + window.stride - 1
    if certainly_below(wanted, least) or certainly_below(most, wanted):
        raise ShapeError(
            f"{show(size)} inputs can become {show(least)} to {show(most)} outputs, got {wanted}",
            "output_size",
        )
    return Placement(window, size, before, after - (wanted - least), wanted)
