"""The undoing of a maximum pool, which puts each maximum back where it stood."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.transposed import place_transposed
from shapewright.arithmetic.window import Window
from shapewright.operations.base import Link, Outcome
from shapewright.operations.merge import agreed, column, expect_count
from shapewright.operations.spatial import Layout
from shapewright.record import record


@record
class Unpooling:
    """Elements and their places, as a pool with indices gives them; zeros everywhere else.

    `output_sizes` ask for other sizes than the pool's own rule gives, by less than a stride.
    """

    layout: Layout
    windows: tuple[Window, ...]
    paddings: tuple[tuple[int, int], ...]
    output_sizes: tuple[int, ...] | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """`o = (n - 1) * s + e - before - after`.

        Raises:
            ShapeError: not two inputs, wrong rank, inputs of different sizes, or a size that no
                such pool could have come from.
        """
        expect_count(inputs, 2)
        for shape in inputs:
            self.layout.check(shape)
        shape = tuple(agreed(column(inputs, axis), inputs) for axis in range(len(inputs[0])))
        axes = zip(self.layout.spatial_sizes(shape), self.windows, self.paddings, strict=True)
        usual = [place_transposed(*axis, may_be_empty=True).outputs for axis in axes]
        for size, window, wanted in zip(usual, self.windows, self.output_sizes or (), strict=False):
            _check_near(size, window, wanted)
        spatial: Shape = self.output_sizes or tuple(usual)
        output = self.layout.compose(shape[0], spatial, shape[self.layout.channels])
        anywhere = (*map(Link, (0, 1)), *(None,) * self.layout.rank)
        return Outcome((output,), links=(anywhere,) * 2)


def _check_near(usual: Dimension, window: Window, wanted: int) -> None:
    near = window.stride - 1
    if certainly_below(wanted, usual - near) or certainly_below(usual + near, wanted):
        raise ShapeError(
            f"size {wanted} was asked for, but a stride of {window.stride} leaves only "
            f"{show(usual - near)} to {show(usual + near)}",
            "output_size",
        )
