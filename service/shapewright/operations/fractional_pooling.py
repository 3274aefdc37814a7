"""Pooling by windows at random distances that are no whole number on average."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Dimension, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.scale import Ratio, scaled
from shapewright.operations.base import Link, Outcome, kept, one
from shapewright.operations.spatial import Layout
from shapewright.record import record


@record
class FractionalPooling:
    """The largest element of each of so many windows, set at random in random steps.

    Spatial axes get the `sizes`, or these `ratios` of their own size; `spare` elements must be left
    where the windows stand side by side. Source: Graham, arXiv 1412.6071.
    """

    layout: Layout
    kernel_size: tuple[int, ...]
    sizes: tuple[int, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    spare: int = 0
    with_indices: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """The sizes that are asked for; `o + k - 1` elements have to be there.

        Raises:
            ShapeError: wrong rank, or too many windows for an axis.
        """
        shape, layout = one(inputs), self.layout
        layout.check(shape)
        sizes = layout.spatial_sizes(shape)
        wanted: tuple[Dimension, ...] = self.sizes or tuple(map(scaled, sizes, self.ratios))
        for size, count, kernel in zip(sizes, wanted, self.kernel_size, strict=True):
            needed = count + kernel - 1 + self.spare
            if certainly_below(size, needed):
                raise ShapeError(
                    f"{show(count)} windows of {kernel} need {show(needed)} elements, "
                    f"the axis has {show(size)}",
                    "kernel_size",
                )
        pooled = layout.compose(shape[0], wanted, shape[layout.channels])
        links = list(kept(len(shape)))
        for axis in layout.spatial:
            links[axis] = Link(axis, None)
        outputs = (pooled, pooled) if self.with_indices else (pooled,)
        return Outcome(outputs, links=(tuple(links),))
