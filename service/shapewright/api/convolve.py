"""Proof on demand: the layer that a report speaks of, run on the caller's own arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.api.arrays import Bounds, read_sent
from shapewright.api.content import JSON, NPY, NPZ
from shapewright.api.convolved import WRITERS, numbers
from shapewright.api.kinds import INVALID_QUERY, Refusal
from shapewright.api.views import Answer, Asked
from shapewright.formats.lone_layer import read_layer
from shapewright.formats.options import Options
from shapewright.numeric.errors import ArrayTooLarge
from shapewright.numeric.plans import Limits, Plan
from shapewright.running.run import prepare

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
        run = prepare(layer, sent.arrays)
        _check(run.plan, asked)
        made = run.made(**asked.query, mask_bytes=settings.max_convolve_output_bytes)
        asked.tally.add(1)
        return WRITERS[asked.media](made)


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


def _check(planned: Plan, asked: Asked) -> None:
    """Insist on the limits.

    Raises:
        ArrayTooLarge: it would make or do too much, or be too long as JSON.
    """
    settings = asked.settings
    planned.check(Limits(settings.max_convolve_output_bytes, settings.max_convolve_multiply_adds))
    needed, most = numbers(planned.shape, planned.dtype), settings.max_convolve_json_numbers
    if asked.media == JSON and needed > most:
        raise ArrayTooLarge(f"numbers in a JSON answer (accept {NPY} for more)", needed, most)
