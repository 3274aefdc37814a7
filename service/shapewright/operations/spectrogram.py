"""Sound to spectrograms: frames along the time axis, each turned into frequencies."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import of_window
from shapewright.arithmetic.window import Padding, Window, place
from shapewright.operations.base import (
    Link,
    Outcome,
    WeightTemplate,
    WindowReport,
    kept,
    known_axis,
    one,
    resolve_all,
)
from shapewright.operations.spatial import Layout
from shapewright.record import record


@record
class ShortTimeFourier:
    """Fourier transforms of overlapping frames of each channel, computed as convolutions.

    Each of `parts` transforms (the real one, the imaginary one) takes a kernel with a place for
    each of `frequencies`. They come out as one number, or side by side where `stacked` is set;
    `apart` keeps frequencies and channels on axes of their own.
    """

    layout: Layout
    window: Window
    padding: Padding
    frequencies: int
    parts: int
    stacked: bool = False
    apart: bool = False
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = frames * frame length * frequencies * channels`, for each part.

        Raises:
            ShapeError: wrong rank, channels that are unknown, or no frame that fits.
        """
        shape = one(inputs)
        self.layout.check(shape)
        channels = known_axis(shape, self.layout.channels, "a spectrogram of each channel")
        time = self.layout.spatial[0]
        placement = place(shape[time], self.window, self.padding)
        frames, batch = placement.outputs, shape[0]
        made = self.frequencies * (self.parts if self.stacked else 1)
        output = self.layout.compose(batch, (frames,), made * channels)
        links = (Link(0), Link(time, of_window(placement)))
        if self.apart:
            last = self.layout.channels_last
            output = (batch, frames, made, channels) if last else (batch, channels, frames, made)
            links = (Link(0), Link(1 if last else 2, of_window(placement)))
        return Outcome(
            outputs=(output,),
            weights=resolve_all(self.weights, inputs),
            macs=frames * self.window.kernel * self.frequencies * channels * self.parts,
            window=WindowReport((time,), (placement,), str(self.padding)),
            links=((*links, None) if self.layout.channels_last else (links[0], None, links[1]),),
        )


@record
class BandSpectrogram:
    """Frames centred on every `stride`-th sample of the last axis, each summed into `bands`.

    The signal is mirrored at both ends by half a window, so the first frame is centred on it.
    """

    window: Window
    bands: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The last axis becomes the bands and the frames.

        Raises:
            ShapeError: the signal is too short to be mirrored.
        """
        shape = one(inputs)
        half = self.window.kernel // 2
        if certainly_below(shape[-1], half + 1):
            raise ShapeError(
                f"half of a window of {self.window.kernel} samples is mirrored at each end, "
                f"which needs {half + 1} samples or more, got {show(shape[-1])}",
                "kernel_size",
            )
        placement = place(shape[-1], self.window, (half, half))
        frames = Link(len(shape), of_window(placement))
        output = (*shape[:-1], self.bands, placement.outputs)
        return Outcome((output,), links=((*kept(len(shape) - 1), frames),))
