"""What is answered: the report of a network."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import (
    Schema,
    array,
    count,
    flag,
    mapping,
    obj,
    open_count,
    ref,
    text,
)
from shapewright.vocabularies.frameworks import VOCABULARIES

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
            "located": ref("Located"),
            "notes": array(ref("Note")),
            "id": {"description": "In a batch: the `id` of the stack."},
        },
        ("layers", "located", "id"),
    ),
    "BatchAnswer": obj(
        "A report or a problem for each network.", {"results": array(ref("BatchResult"))}
    ),
    "BatchResult": {
        "description": "A report, or a problem in its place; with the `id` of the stack.",
        "anyOf": [ref("Report"), ref("Problem")],
    },
    "Tensor": obj("A tensor at the network's edge.", {"name": text(), "shape": ref("Size")}),
    "Size": array(
        open_count(), "The sizes of all axes, the batch axis first; null where not known."
    ),
    "Totals": obj(
        "Sums over the network, for one sample; one that passes 2**53 - 1 is null.",
        {
            "layers": count("Entries of `layers`."),
            "params": open_count("Numbers in all weights; those of a shared layer count once."),
            "trainable_params": open_count("Those that train."),
            "non_trainable_params": open_count("Those that do not."),
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
            "weights": mapping(array(count()), "Shapes in the framework's own layout."),
            "macs": open_count("Multiply-adds for one sample, without biases."),
            "macs_on_data": open_count("Those of them whose tap is not on padding."),
            "window": ref("Window"),
            "receptive_field": ref("ReceptiveField"),
            "shared": flag("True on later calls of a layer that was called before."),
            "explanation": text("What happens here, in words."),
            "notes": array(ref("Note")),
            "layers": array(ref("LayerReport"), "The layers inside a model inside a model."),
        },
        (
            *("inputs", "params", "trainable_params", "weights", "macs", "macs_on_data"),
            *("window", "receptive_field", "shared", "explanation", "notes", "layers"),
        ),
    ),
    "Note": obj(
        "Something worth knowing that no number says.",
        {"code": text("Stable."), "message": text("For people.")},
    ),
}
