"""Pooling: by a window that slides, into a given number of parts, or over all there is."""

from __future__ import annotations

from typing import Literal, TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import of_parts
from shapewright.arithmetic.window import Padding, Placement, Window, place
from shapewright.operations.base import Average, Link, Outcome, WindowReport, kept, one
from shapewright.operations.spatial import Layout
from shapewright.record import record

Reducer: TypeAlias = Literal["max", "average", "lp"]
"""What a pool makes of the elements it covers; `lp` is the p-norm."""


@record
class Pooling:
    """A window without weights that makes one element of those it covers, channel by channel.

    `ceil` lets the last window hang over the end. An average divides by the elements of the
    window that lie in the input, with `count_include_pad` also by those in the padding, and by
    `divisor` where it is given. `within_input` refuses a kernel with more taps than the axis has
    elements, padding not counted. `with_indices` adds a second output: where each maximum stood.
    """

    layout: Layout
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]
    mode: str
    reducer: Reducer
    ceil: bool = False
    count_include_pad: bool = False
    divisor: int | None = None
    within_input: bool = False
    with_indices: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """Each spatial axis by itself; batch and channels stay.

        Raises:
            ShapeError: wrong rank, or a window that does not fit.
        """
        shape = one(inputs)
        self.layout.check(shape)
        placements = self._place(self.layout.spatial_sizes(shape))
        spatial = tuple(placement.outputs for placement in placements)
        pooled = self.layout.compose(shape[0], spatial, shape[self.layout.channels])
        window = WindowReport(self.layout.spatial, placements, self.mode, average=self._average)
        return Outcome(
            outputs=(pooled, pooled) if self.with_indices else (pooled,),
            window=window,
            links=(window.links(len(shape)),),
        )

    def _place(self, sizes: Shape) -> tuple[Placement, ...]:
        if self.within_input:
            for size, window in zip(sizes, self.windows, strict=True):
                _check_within(size, window)
        axes = zip(sizes, self.windows, self.paddings, strict=True)
        return tuple(place(*axis, ceil=self.ceil) for axis in axes)

    @property
    def _average(self) -> Average | None:
        if self.reducer != "average":
            return None
        return Average(self.count_include_pad, self.divisor)


def _check_within(size: Dimension, window: Window) -> None:
    if certainly_below(size, window.kernel):
        raise ShapeError(
            f"the kernel has {window.kernel} taps, but the axis has only {show(size)} elements, "
            f"padding not counted",
            "kernel_size",
        )


@record
class AdaptivePooling:
    """Cuts each axis into a given number of parts, which may overlap, and pools each part.

    Part `i` of `o` spans `[floor(i * n / o), ceil((i + 1) * n / o))`; None keeps the axis's size.
    """

    layout: Layout
    output_sizes: tuple[int | None, ...]
    reducer: Reducer
    with_indices: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes that were asked for, whatever arrives.

        Raises:
            ShapeError: wrong rank, or a spatial axis without elements.
        """
        shape = one(inputs)
        self.layout.check(shape)
        sizes = self.layout.spatial_sizes(shape)
        check_not_empty(sizes)
        spatial = tuple(
            size if wanted is None else wanted
            for size, wanted in zip(sizes, self.output_sizes, strict=True)
        )
        pooled = self.layout.compose(shape[0], spatial, shape[self.layout.channels])
        links = list(kept(len(shape)))
        for axis, wanted in zip(self.layout.spatial, spatial, strict=True):
            links[axis] = Link(axis, of_parts(shape[axis], wanted))
        outputs = (pooled, pooled) if self.with_indices else (pooled,)
        return Outcome(outputs, links=(tuple(links),))


@record
class GlobalPooling:
    """Makes one element of each channel; `keepdims` leaves the spatial axes with size 1."""

    layout: Layout
    keepdims: bool
    reducer: Reducer

    def infer(self, inputs: Shapes) -> Outcome:
        """Batch and channels; between them nothing, or ones.

        Raises:
            ShapeError: wrong rank, or the maximum of an axis without elements (its average is
                not a number, but it is one element).
        """
        shape = one(inputs)
        self.layout.check(shape)
        if self.reducer == "max":
            check_not_empty(self.layout.spatial_sizes(shape))
        ones = (1,) * self.layout.rank if self.keepdims else ()
        pooled = self.layout.compose(shape[0], ones, shape[self.layout.channels])
        links: list[Link | None] = [Link(0)] + [None] * (len(shape) - 1)
        links[self.layout.channels] = Link(self.layout.channels if self.keepdims else 1)
        return Outcome((pooled,), links=(tuple(links),))


def check_not_empty(sizes: Shape) -> None:
    """Insist on at least one element along each axis.

    Raises:
        ShapeError: an axis has none.
    """
    if any(certainly_below(size, 1) for size in sizes):
        raise ShapeError(f"there is nothing to pool: the spatial axes have sizes {show(sizes)}")
