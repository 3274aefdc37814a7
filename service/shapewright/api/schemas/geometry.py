"""What is answered about a layer's geometry: windows, padding, borders, receptive fields."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import (
    Schema,
    array,
    count,
    flag,
    mapping,
    nullable,
    obj,
    open_count,
    ref,
    text,
)

INTEGER: Final[Schema] = {"type": "integer"}
POSITIVE: Final[Schema] = {"type": "integer", "minimum": 1}
PAIR: Final = array(count(), minItems=2, maxItems=2)

SPAN: Final = array(INTEGER, maxItems=2)

GEOMETRY: Final[dict[str, Schema]] = {
    "Window": obj(
        "The geometry of a layer that slides a window: one item for each spatial axis.",
        {
            "kernel_size": array(POSITIVE, "Taps."),
            "dilation": array(POSITIVE, "The distance between neighbouring taps."),
            "effective_kernel_size": array(POSITIVE, "`dilation * (kernel_size - 1) + 1`."),
            "strides": array(POSITIVE, "How far the window moves."),
            "padding": ref("Padding"),
            "transposed": flag("Whether inputs spread over outputs."),
            "unread_input": array(open_count(), "Input elements that no window reads."),
            "taps_on_data": ref("TapsOnData"),
            "border": array(
                nullable(array(ref("BorderRun"))),
                "The runs of outputs whose windows have the same taps on real data; null where "
                "a size is not known.",
            ),
            "divisor": {
                "description": "What an average divides by: a number, or by axis how many elements "
                "each output counts, whose product divides.",
                "anyOf": [INTEGER, array(nullable(array(ref("DivisorRun"))))],
            },
        },
        ("unread_input", "taps_on_data", "border", "divisor"),
    ),
    "Padding": obj(
        "What lies on each side of each axis; a negative number is cut off.",
        {
            "mode": text("The word that was asked for, or `explicit`."),
            "before": array(nullable(INTEGER), "Elements before the first."),
            "after": array(nullable(INTEGER), "Elements after the last."),
            "symmetric": nullable(flag("Whether both sides are equal on every axis.")),
        },
    ),
    "TapsOnData": obj(
        "How many taps of a window lie on real data.",
        {
            "first": array(open_count(), "At the first window."),
            "last": array(open_count(), "At the last."),
            "most": array(open_count(), "At most."),
        },
    ),
    "BorderRun": obj(
        "Outputs whose windows have the same taps on real data.",
        {
            "outputs": {**PAIR, "description": "The first output and the last, inclusive."},
            "taps": nullable({**PAIR, "description": "The first tap and the last, inclusive."}),
            "step": {**POSITIVE, "description": "From one output of the run to the next."},
            "tap_step": {**POSITIVE, "description": "From one tap to the next."},
        },
        ("step", "tap_step"),
    ),
    "DivisorRun": obj(
        "Outputs that count equally many elements.",
        {
            "outputs": {**PAIR, "description": "The first output and the last, inclusive."},
            "count": count("Elements."),
        },
    ),
    "ReceptiveField": {
        "description": "What one output sees of the network's input; where there are several "
        "inputs, a map by their names; null where it depends on none.",
        "anyOf": [ref("Field"), mapping(ref("Field")), {"type": "null"}],
    },
    "Field": obj(
        "Output `i` sees the indices `start + i*stride` to `start + i*stride + size - 1`, axis by "
        "axis.",
        {
            "size": array(nullable(INTEGER)),
            "stride": array(
                {"type": ["integer", "string", "null"], "description": "A fraction is a string."}
            ),
            "start": array(nullable(INTEGER)),
            "global": {
                "description": "Whether all of the input is seen: on every axis, or by axis.",
                "anyOf": [flag(), array(flag())],
            },
            "exact": flag("False where the size is the largest of several."),
            "aligned": flag("False where branches have other strides or centres."),
        },
        ("size", "stride", "start", "global", "exact", "aligned"),
    ),
    "Located": obj(
        "What a place sees, or which outputs it reaches; as `locate` asked.",
        {
            "layer": text("The layer whose output was asked for."),
            "input": text("The input whose element was asked for."),
            "position": array(count(), "The place."),
            "sees": mapping(ref("Region"), "By input of the network."),
            "reaches": array(ref("Reached"), "Layer by layer."),
        },
        ("layer", "input", "sees", "reaches"),
    ),
    "Region": obj(
        "What is seen of an input: the first index and the last, axis by axis.",
        {
            "unclipped": array(nullable(SPAN), "It may reach past the input, into padding."),
            "clipped": array(nullable(SPAN), "What is left inside; empty if nothing is."),
        },
    ),
    "Reached": obj(
        "The outputs of a layer that see the element.",
        {
            "layer": text(),
            "outputs": array(
                nullable(SPAN),
                "The first output and the last, by axis of the input; empty where none does, "
                "null where all do or nobody can tell.",
            ),
        },
    ),
}
