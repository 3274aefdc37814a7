"""Where the batch, the channels and the spatial axes stand in a shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shapewright.arithmetic.dimension import Dimension, Shape
from shapewright.operations.base import expect_rank

SPATIAL_NAMES = {1: "length", 2: "height, width", 3: "depth, height, width"}


@dataclass(frozen=True)
class Layout:
    """A batch axis, `rank` spatial axes, and the channels before or after them."""

    rank: int
    channels_last: bool

    @cached_property
    def channels(self) -> int:
        """The channel axis."""
        return self.rank + 1 if self.channels_last else 1

    @cached_property
    def spatial(self) -> tuple[int, ...]:
        """The spatial axes in shape order."""
        first = 1 if self.channels_last else 2
        return tuple(range(first, first + self.rank))

    def check(self, shape: Shape) -> None:
        """Insist on the layout's number of axes.

        Raises:
            ShapeError: the shape has more or fewer.
        """
        expect_rank(shape, self.rank + 2, self.axes)

    @cached_property
    def axes(self) -> str:
        """The axes in words, for messages."""
        names = SPATIAL_NAMES[self.rank]
        return f"batch, {names}, channels" if self.channels_last else f"batch, channels, {names}"

    def compose(
        self, batch: Dimension, spatial: tuple[Dimension, ...], channels: Dimension
    ) -> Shape:
        """A shape in this layout."""
        if self.channels_last:
            return (batch, *spatial, channels)
        return (batch, channels, *spatial)

    def spatial_sizes(self, shape: Shape) -> tuple[Dimension, ...]:
        """The spatial part of a shape."""
        return shape[self.spatial[0] : self.spatial[-1] + 1]
