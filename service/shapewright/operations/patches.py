"""Windows as columns, and columns laid back as overlapping windows."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_differ, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.window import Padding, Window, place
from shapewright.operations.base import Link, Outcome, expect_rank, one
from shapewright.operations.spatial import Layout
from shapewright.record import record


@record
class Unfold:
    """All elements of every window as one column; the columns stand side by side."""

    layout: Layout
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """Batch, channels times taps, windows.

        Raises:
            ShapeError: wrong rank, or a window that does not fit.
        """
        shape, layout = one(inputs), self.layout
        layout.check(shape)
        axes = zip(layout.spatial_sizes(shape), self.windows, self.paddings, strict=True)
        columns = product(place(*axis).outputs for axis in axes)
        taps = product(window.kernel for window in self.windows)
        links = (Link(0), *(None,) * (len(shape) - 1))
        return Outcome(((shape[0], shape[layout.channels] * taps, columns),), links=(links,))


@record
class Fold:
    """Columns as `Unfold` makes them laid back to where they came from, and added up.

    `sizes` are those of the spatial axes that come out, channels before them.
    """

    sizes: tuple[int, ...]
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """Batch, rows by taps, and the sizes.

        Raises:
            ShapeError: no three axes, rows that do not divide into taps, a window that does not
                fit the sizes, or another number of columns than of windows.
        """
        shape = one(inputs)
        expect_rank(shape, 3, "batch, rows, columns")
        batch, rows, columns = shape
        taps = product(window.kernel for window in self.windows)
        if certainly_differ(rows % taps, 0):
            raise ShapeError(
                f"{show(rows)} rows do not divide into windows of {show(taps)} taps", "kernel_size"
            )
        axes = zip(self.sizes, self.windows, self.paddings, strict=True)
        counts = tuple(place(*axis).outputs for axis in axes)
        if certainly_differ(product(counts), columns):
            raise ShapeError(
                f"sizes {show(self.sizes)} hold {show(counts)} windows, "
                f"{show(product(counts))} in all, but {show(columns)} columns arrive",
                "output_size",
            )
        return Outcome(((batch, rows // taps, *self.sizes),), links=((Link(0), None, None),))
