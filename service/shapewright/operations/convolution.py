"""Convolution and its transpose."""

from __future__ import annotations

from shapewright.arithmetic.dimension import (
    Dimension,
    Shape,
    Shapes,
    certainly_below,
    certainly_differ,
    product,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.transposed import place_to_size, place_transposed
from shapewright.arithmetic.window import Padding, Placement, Window, place
from shapewright.operations.base import (
    Outcome,
    WeightTemplate,
    WindowReport,
    known_axis,
    one,
    resolve_all,
)
from shapewright.operations.pad import Fill, check_copied
from shapewright.operations.spatial import Layout
from shapewright.record import record


@record
class Convolution:
    """A window of weights that slides over the spatial axes; plain, grouped or depthwise.

    `filters` output channels each read the channels of their group. A depthwise convolution has
    `filters=None`: each input channel is a group and makes `depth_multiplier` channels.
    `in_channels` is set where the parameters already say how many channels must arrive. `fill` is
    what the padding is made of.
    """

    layout: Layout
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]
    mode: str
    filters: int | None
    groups: int = 1
    depth_multiplier: int = 1
    in_channels: int | None = None
    fill: Fill = "constant"
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """Each axis by itself; `macs = outputs * taps * channels read by an output`.

        Raises:
            ShapeError: wrong rank, channels that are unknown, unexpected or do not divide by the
                groups, a window that does not fit, or an axis too short to pad from.
        """
        shape, layout = one(inputs), self.layout
        layout.check(shape)
        channels = check_channels(shape, layout, self.in_channels, self.groups)
        placements = tuple(map(place, layout.spatial_sizes(shape), self.windows, self.paddings))
        for axis, placement in zip(layout.spatial, placements, strict=True):
            check_copied(shape, axis, (placement.before, placement.after), self.fill)
        spatial = tuple([placement.outputs for placement in placements])
        read, made = (
            (1, channels * self.depth_multiplier)
            if self.filters is None
            else (channels // self.groups, self.filters)
        )
        taps = product([window.kernel for window in self.windows])
        window = WindowReport(layout.spatial, placements, self.mode, tap_macs=made * read)
        mixed = () if self.filters is None and self.depth_multiplier == 1 else (layout.channels,)
        return Outcome(
            outputs=(layout.compose(shape[0], spatial, made),),
            weights=resolve_all(self.weights, inputs),
            macs=product(spatial) * taps * window.tap_macs,
            window=window,
            links=(window.links(len(shape), *mixed),),
        )


@record
class TransposedConvolution:
    """Each input element spreads over a window of outputs; the gradient of a convolution.

    `paddings` are what is cut from each side of the full result, by axis. `output_paddings` are
    what stays at the end all the same; without them a padding word finds its own. `output_sizes`
    ask for sizes instead. A result may be empty for batches of `empty_from_batch` samples or more.
    """

    layout: Layout
    windows: tuple[Window, ...]
    paddings: tuple[Padding, ...]
    mode: str
    filters: int
    groups: int = 1
    output_paddings: tuple[int, ...] | None = None
    output_sizes: tuple[int, ...] | None = None
    empty_from_batch: int | None = None
    in_channels: int | None = None
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = inputs * taps * output channels that an input channel reaches`.

        Raises:
            ShapeError: as for `Convolution`, or nothing is left after the padding is cut.
        """
        shape, layout = one(inputs), self.layout
        layout.check(shape)
        channels = check_channels(shape, layout, self.in_channels, self.groups)
        sizes = layout.spatial_sizes(shape)
        placements = self._place(shape[0], sizes)
        spatial = tuple(placement.outputs for placement in placements)
        taps = product(window.kernel for window in self.windows)
        tap_macs = channels * (self.filters // self.groups)
        window = WindowReport(layout.spatial, placements, self.mode, True, tap_macs)
        return Outcome(
            outputs=(layout.compose(shape[0], spatial, self.filters),),
            weights=resolve_all(self.weights, inputs),
            macs=product(sizes) * taps * tap_macs,
            window=window,
            links=(window.links(len(shape), layout.channels),),
        )

    def _place(self, batch: Dimension, sizes: Shape) -> tuple[Placement, ...]:
        axes = zip(sizes, self.windows, self.paddings, strict=True)
        if self.output_sizes is not None:
            wanted = zip(axes, self.output_sizes, strict=True)
            return tuple(place_to_size(*axis, size) for axis, size in wanted)
        may_be_empty = self.empty_from_batch is not None and not certainly_below(
            batch, self.empty_from_batch
        )
        extras = self.output_paddings or (None,) * len(sizes)
        return tuple(
            place_transposed(*axis, extra, may_be_empty=may_be_empty)
            for axis, extra in zip(axes, extras, strict=True)
        )


def check_channels(shape: Shape, layout: Layout, expected: int | None, groups: int) -> int:
    """The number of channels that arrive, which has to be known.

    Raises:
        ShapeError: it is unknown, not the expected one, or not divisible by the groups.
    """
    channels = shape[layout.channels]
    if expected is not None:
        if certainly_differ(channels, expected):
            raise ShapeError(f"needs {expected} input channels, got {channels}", "in_channels")
        return expected
    channels = known_axis(shape, layout.channels, "the kernel")
    if channels % groups:
        raise ShapeError(f"{channels} input channels do not divide into {groups} groups", "groups")
    return channels
