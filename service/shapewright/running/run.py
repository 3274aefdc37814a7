"""A layer and arrays to a run, and a run to what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shapewright.formats.lone_layer import INPUT, LoneLayer
from shapewright.network.propagate import infer
from shapewright.network.report import Entry, Report
from shapewright.numeric.blocks import Array
from shapewright.numeric.convolve import plan
from shapewright.numeric.errors import ArrayMismatch, CannotRun
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.mask import taps_on_data
from shapewright.numeric.plans import Plan
from shapewright.numeric.sampling import sampling_grid
from shapewright.operations.base import Note, Operation
from shapewright.running.convolved import Convolved

PARTS: Final = (INPUT, "kernel", "bias", "depthwise_kernel", "pointwise_kernel")
"""The arrays that a layer may have."""

LAYOUTS: Final[Mapping[str, KernelLayout]] = {
    "keras": KernelLayout.TAPS_FIRST,
    "torch": KernelLayout.CHANNELS_FIRST,
    "onnx": KernelLayout.CHANNELS_FIRST,
}
"""How each framework lays out its kernels."""

RUN: Final = frozenset(("kernel", "weight", "bias", "depthwise_kernel", "pointwise_kernel"))
"""The weights that a run knows, by their names in a report."""


@dataclass(frozen=True, slots=True)
class Run:
    """A layer and arrays that fit together; what the plan says it takes is not yet taken."""

    operation: Operation
    shape: tuple[int, ...]
    report: Report
    plan: Plan

    def made(
        self, *, mask: bool = False, impulse: bool = False, mask_bytes: int | None = None
    ) -> Convolved:
        """What comes of it.

        Raises:
            CannotRun: the operation has no window, but something of it was asked for.
            ArrayTooLarge: the mask takes more than so many bytes, or there are too many taps.
        """
        return Convolved(
            report=self.report,
            mask=taps_on_data(self.operation, self.shape, mask_bytes) if mask else None,
            impulse=sampling_grid(self.operation, self.shape) if impulse else None,
            output=self.plan.run(),
        )


def prepare(layer: LoneLayer, arrays: Mapping[str, Array]) -> Run:
    """Predict, but compute nothing yet.

    Raises:
        ShapesDoNotFit: the layer does not accept the input.
        ArrayMismatch: another array does not fit the layer.
        CannotRun: the layer is no window that is run.
    """
    report = infer(layer.network)
    (entry,) = report.layers
    _check_weights(entry, arrays)
    notes = (*layer.notes, *_notes(entry, arrays))
    operation = layer.network.layers[0].operation
    return Run(
        operation=operation,
        shape=arrays[INPUT].shape,
        report=replace(report, layers=replace(report.layers, further_notes={entry.index: notes})),
        plan=plan(operation, arrays, LAYOUTS[layer.network.framework]),
    )


def _check_weights(entry: Entry, arrays: Mapping[str, Array]) -> None:
    """Insist on weights that are run, and on a bias for a layer that has one.

    Raises:
        CannotRun: the layer has other weights.
        ArrayMismatch: it has no bias, but one was sent.
    """
    names = [weight.name for weight in entry.weights]
    others = [name for name in names if name not in RUN]
    if others:
        raise CannotRun(f"the layer has weights that are not run: {', '.join(others)}")
    if "bias" in arrays and names and "bias" not in names:
        raise ArrayMismatch("the layer is told to have no bias, got one", "bias")


def _notes(entry: Entry, arrays: Mapping[str, Array]) -> tuple[Note, ...]:
    """What was left out of the run."""
    if "bias" in arrays or all(weight.name != "bias" for weight in entry.weights):
        return ()
    return (Note("bias_left_out", "no bias was sent, so none was added"),)
