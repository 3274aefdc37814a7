"""What is answered: the report of a network."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import (
    Schema,
    array,
    count,
    mapping,
    obj,
    open_count,
    ref,
    said,
    text,
)
from shapewright.vocabularies.frameworks import VOCABULARIES

BOOLEAN: Final[Schema] = {"type": "boolean"}


def _per_axis(doc: str = "", minimum: int | None = None) -> Schema:
    item: Schema = (
        {"type": "integer"} if minimum is None else {"type": "integer", "minimum": minimum}
    )
    return array(item, doc)


def _open_per_axis(doc: str) -> Schema:
    return array({"type": ["integer", "null"]}, doc)


REPORT: Final[dict[str, Schema]] = {
    "Report": obj(
        "What happens in a network, layer by layer.",
        {
            "framework": text("Whose rules hold.", enum=list(VOCABULARIES)),
            "source": text("The form that the network was sent in."),
            "inputs": array(ref("Tensor")),
            "outputs": array(ref("Tensor")),
            "totals": ref("Totals"),
            "layers": array(ref("LayerReport"), "In an order in which data flows."),
            "notes": array(ref("Note")),
        },
        ("layers",),
    ),
    "Tensor": obj("A tensor at the network's edge.", {"name": text(), "shape": ref("Size")}),
    "Size": array(
        open_count(), "The sizes of all axes, the batch axis first; null where not known."
    ),
    "Totals": obj(
        "Sums over the network, for one sample.",
        {
            "layers": count("Entries of `layers`."),
            "params": count("Numbers in all weights; those of a shared layer count once."),
            "trainable_params": count("Those that train."),
            "non_trainable_params": count("Those that do not."),
            "macs": open_count("Multiply-adds."),
            "activation_elements": open_count("Elements of all layers' outputs."),
            "peak_activation_elements": open_count("The most elements alive at once."),
        },
    ),
    "LayerReport": obj(
        "One call of one layer. `detail=shapes` leaves out all but names, types and shapes.",
        {
            "index": count("Its place among the layers of its network."),
            "name": text(),
            "type": text(),
            "inputs": array(text(), "What it reads."),
            "input_shapes": array(ref("Size")),
            "output_shapes": array(ref("Size")),
            "params": count("Numbers in its weights."),
            "trainable_params": count("Those that train."),
            "weights": mapping(_per_axis(minimum=0), "Shapes in the framework's own layout."),
            "macs": open_count("Multiply-adds for one sample, without biases."),
            "window": ref("Window"),
            "shared": said(BOOLEAN, "True on later calls of a layer that was called before."),
            "notes": array(ref("Note")),
            "layers": array(ref("LayerReport"), "The layers inside a model inside a model."),
        },
        (
            "inputs",
            "params",
            "trainable_params",
            "weights",
            "macs",
            "window",
            "shared",
            "notes",
            "layers",
        ),
    ),
    "Window": obj(
        "The geometry of a layer that slides a window: one item for each spatial axis.",
        {
            "kernel_size": _per_axis("Taps.", 1),
            "dilation": _per_axis("The distance between neighbouring taps.", 1),
            "effective_kernel_size": _per_axis("`dilation * (kernel_size - 1) + 1`.", 1),
            "strides": _per_axis("How far the window moves.", 1),
            "padding": ref("Padding"),
            "transposed": said(BOOLEAN, "Whether inputs spread over outputs."),
        },
    ),
    "Padding": obj(
        "What lies on each side of each axis; a negative number is cut off.",
        {
            "mode": text("The word that was asked for, or `explicit`."),
            "before": _open_per_axis("Elements before the first."),
            "after": _open_per_axis("Elements after the last."),
            "symmetric": {
                "type": ["boolean", "null"],
                "description": "Whether both sides are equal on every axis.",
            },
        },
    ),
    "Note": obj(
        "Something worth knowing that no number says.",
        {"code": text("Stable."), "message": text("For people.")},
    ),
}
