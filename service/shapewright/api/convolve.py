"""Proof on demand: the layer that a report speaks of, run on the caller's own arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from shapewright.api.arrays import Bounds, Sent, read_sent
from shapewright.api.content import JSON, NPY, NPZ
from shapewright.api.convolved import WRITERS, Convolved, numbers
from shapewright.api.kinds import INVALID_QUERY, Refusal
from shapewright.api.settings import Settings
from shapewright.api.views import Answer, Asked
from shapewright.formats.lone_layer import LoneLayer, read_layer
from shapewright.formats.options import Options
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from shapewright.numeric.convolve import plan
from shapewright.numeric.errors import ArrayMismatch, ArrayTooLarge, CannotRun
from shapewright.numeric.kernels import KernelLayout
from shapewright.numeric.mask import taps_on_data
from shapewright.numeric.plans import Limits, Plan
from shapewright.numeric.sampling import sampling_grid
from shapewright.operations.base import Note

LAYOUTS: Final[Mapping[str, KernelLayout]] = {
    "keras": KernelLayout.TAPS_FIRST,
    "torch": KernelLayout.CHANNELS_FIRST,
    "onnx": KernelLayout.CHANNELS_FIRST,
}
"""How each framework lays out its kernels."""

RUN: Final = frozenset(("kernel", "weight", "bias", "depthwise_kernel", "pointwise_kernel"))
"""The weights that a run knows, by their names in a report."""

BESIDE: Final = ("mask", "impulse")
"""What may be asked for beside the output."""


def convolve(asked: Asked) -> Answer:
    """Run one window layer on arrays.

    The layer as it stands in a stack, with its `framework`, and arrays in the framework's layout:
    `input`, `kernel` and, where used, `bias`; a separable layer takes `depthwise_kernel` and
    `pointwise_kernel`, a pooling layer no kernel. What the arrays tell may be left out of the
    layer: `filters`, or `in_channels` and `out_channels`, and `kernel_size`; what is said must
    agree with them. Where no bias is sent none is added, and an activation is never applied; the
    layer's notes say so.

    The result has the type that numpy gives to products and sums of all arrays; float16 is added
    up in float32. In JSON a number that is not finite is null, and a complex one a list of two.
    """
    if asked.media == NPY:
        _check_alone(asked.query)
    with asked.slots.one():
        settings = asked.settings
        bounds = Bounds(settings.max_json_bytes, settings.max_convolve_input_bytes)
        sent = read_sent(asked.sent, asked.parts, bounds)
        layer = read_layer(sent.layer, sent.shapes, Options(limits=asked.limits))
        done = run(layer, sent, settings, as_json=asked.media == JSON, **asked.query)
        asked.tally.add(1)
        return WRITERS[asked.media](done)


def _check_alone(query: Mapping[str, Any]) -> None:
    """Insist on nothing beside the output.

    Raises:
        Refusal: something was asked for.
    """
    detail = f"{NPY} holds the output alone; accept {JSON} or {NPZ}"
    errors = [
        {"parameter": name, "pointer": "", "detail": detail} for name in BESIDE if query[name]
    ]
    if errors:
        raise Refusal(INVALID_QUERY, f"`{errors[0]['parameter']}`: {detail}", errors)


def run(
    layer: LoneLayer, sent: Sent, settings: Settings, *, as_json: bool, mask: bool, impulse: bool
) -> Convolved:
    """Predict, insist on the limits, and only then compute.

    Raises:
        ShapesDoNotFit: the layer does not accept the input.
        ArrayMismatch: another array does not fit the layer.
        CannotRun: the layer is no window that is run.
        ArrayTooLarge: it would take, make or do too much.
    """
    (entry,) = infer(layer.network).layers
    _check_weights(entry, sent)
    operation, shape = layer.network.nodes[0].operation, sent.shapes["input"]
    planned = plan(operation, sent.arrays, LAYOUTS[layer.network.framework])
    limit = settings.max_convolve_output_bytes
    planned.check(Limits(limit, settings.max_convolve_multiply_adds))
    if as_json:
        _check_numbers(planned, settings.max_convolve_json_numbers)
    return Convolved(
        entry=replace(entry, notes=(*entry.notes, *layer.notes, *_notes(entry, sent))),
        mask=taps_on_data(operation, shape, limit) if mask else None,
        impulse=sampling_grid(operation, shape) if impulse else None,
        output=planned.run(),
    )


def _check_weights(entry: Entry, sent: Sent) -> None:
    """Insist on weights that are run, and on a bias for a layer that has one.

    Raises:
        CannotRun: the layer has other weights.
        ArrayMismatch: it has no bias, but one was sent.
    """
    names = [weight.name for weight in entry.weights]
    others = [name for name in names if name not in RUN]
    if others:
        raise CannotRun(f"the layer has weights that are not run: {', '.join(others)}")
    if "bias" in sent.arrays and names and "bias" not in names:
        raise ArrayMismatch("the layer is told to have no bias, got one", "bias")


def _check_numbers(planned: Plan, most: int) -> None:
    """Insist on an answer that is not too long as JSON.

    Raises:
        ArrayTooLarge: it would be.
    """
    needed = numbers(planned.shape, planned.dtype)
    if needed > most:
        raise ArrayTooLarge(f"numbers in a JSON answer (accept {NPY} for more)", needed, most)


def _notes(entry: Entry, sent: Sent) -> tuple[Note, ...]:
    """What was left out of the run."""
    if "bias" in sent.arrays or all(weight.name != "bias" for weight in entry.weights):
        return ()
    return (Note("bias_left_out", "no bias was sent, so none was added"),)
