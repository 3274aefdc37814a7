"""Recurrent steps on images: convolutions in place of matrix products."""

from __future__ import annotations

from dataclasses import replace

from shapewright.arithmetic.dimension import Shapes, product
from shapewright.operations.base import Link, Links, Outcome, kept, known_axis, per_sample
from shapewright.operations.convolution import Convolution
from shapewright.operations.recurrent import check_states
from shapewright.record import record


@record
class ConvolutionalCell:
    """A step on images: each gate convolves the input, and the last output by a kernel as large.

    `convolution` is one gate's on the input, with the weights of the whole cell; its window is the
    one that is told. The last output is padded to keep its size.
    Source: Shi et al., arXiv 1506.04214, equation 3 without peepholes.
    """

    convolution: Convolution
    gates: int

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = gates * (macs of the convolution + outputs * taps * filters)`.

        Raises:
            ShapeError: the convolution does not accept the step, states do not fit, or a spatial
                size is unknown.
        """
        outcome = self.convolution.infer(inputs[:1])
        (output,), window = outcome.outputs, outcome.window
        layout = self.convolution.layout
        for axis in layout.spatial:
            known_axis(inputs[0], axis, "the first state")
        check_states(inputs[1:], (output, output))
        taps = product(window.kernel for window in self.convolution.windows)
        recurrent = per_sample(output) * taps * output[layout.channels]
        return Outcome(
            outputs=(output,) * 3,
            weights=outcome.weights,
            macs=self.gates * (outcome.macs + recurrent),
            window=window and replace(window, tap_macs=self.gates * window.tap_macs),
            links=(self._links(len(output)),) * len(inputs),
        )

    def _links(self, rank: int) -> Links:
        """Step by step the states see further along the spatial axes."""
        layout = self.convolution.layout
        return tuple(
            Link(axis, None) if axis in layout.spatial else link
            for axis, link in enumerate(kept(rank, layout.channels))
        )
