"""What is answered when something is wrong."""

from __future__ import annotations

from typing import Final

from shapewright.api.kinds import KINDS, MOST_ERRORS
from shapewright.api.schemas.build import (
    Schema,
    array,
    count,
    nullable,
    obj,
    open_count,
    ref,
    text,
    word,
)
from shapewright.vocabularies.errors import MOST_FAULTS

PROBLEM: Final[dict[str, Schema]] = {
    "Problem": obj(
        "A problem of RFC 9457.",
        {
            "type": word(*(kind.type for kind in KINDS), doc="The address of what it means."),
            "title": text("What its kind means, in a few words."),
            "status": {"type": "integer", "description": "The HTTP status."},
            "code": word(*(kind.code for kind in KINDS), doc="The kind as a word."),
            "detail": text("What is wrong this time."),
            "request_id": text("The same as in the header `X-Request-ID`."),
            "errors": array(
                ref("Error"),
                f"Everything that is wrong, up to {MOST_ERRORS}.",
                maxItems=MOST_ERRORS,
            ),
            "error_count": count(
                "How many faults were found, listed or not; reading a document stops soon after "
                f"{MOST_FAULTS}."
            ),
            "layer": obj(
                "The first layer that does not accept what arrives.",
                {"index": count(), "name": text(), "type": text()},
            ),
            "input_shapes": array(ref("Size"), "What arrives at that layer."),
            "diverged": ref("Divergence"),
            "partial": ref("Report"),
            "id": {"description": "In a batch: the `id` of the stack."},
        },
        ("id", "errors", "error_count", "layer", "input_shapes", "diverged", "partial"),
    ),
    "Divergence": obj(
        "How the branches of a merge came to differ.",
        {
            "parted_at": nullable(text("The tensor that both branches come from.")),
            "branches": array(ref("Branch"), minItems=2, maxItems=2),
            "rounded_by": {
                "description": "The layer whose rounding made the sizes differ.",
                "anyOf": [ref("BranchLayer"), {"type": "null"}],
            },
            "repairs": array(ref("Repair"), "What mends it; what changes least stands first."),
        },
    ),
    "Branch": obj(
        "An input of the merge.",
        {
            "input": text("The tensor that arrives."),
            "axis": count("Its axis that does not fit."),
            "size": open_count("The size of that axis."),
            "layers": array(ref("BranchLayer"), "Its layers since the branches parted."),
        },
    ),
    "BranchLayer": obj(
        "What one layer does to the axis.",
        {
            "name": text(),
            "type": text(),
            "from": open_count("The size before."),
            "to": open_count("The size after."),
            "rounding": {
                "description": "What became of the rest of a division by the stride.",
                "anyOf": [ref("Rounding"), {"type": "null"}],
            },
        },
    ),
    "Rounding": obj(
        "A division that leaves a rest.",
        {
            "direction": word("down", "up", doc="Whether the rest was dropped or filled up."),
            "rest": count("Elements."),
            "stride": count("What was divided by."),
        },
    ),
    "Repair": obj(
        "One change that makes the branches fit.",
        {
            "change": word("output_padding", "crop", "pad", "input_size"),
            "target": text("The tensor, layer or input to change."),
            "axes": array(count(), "On these axes."),
            "amount": count("How many elements, or the size to feed."),
            "detail": text("In words."),
        },
    ),
    "Error": obj(
        "One thing that is wrong.",
        {
            "pointer": text("A JSON pointer into what was sent; empty for the whole of it."),
            "detail": text("What was got, and what is needed."),
            "parameter": text(
                "The query parameter that is wrong; the pointer then points into its value."
            ),
        },
        ("parameter",),
    ),
    "ProblemKind": obj(
        "What all problems of a kind have in common.",
        {
            "type": text("Its address."),
            "code": text("The kind as a word."),
            "title": text("What it means, in a few words."),
            "status": {"type": "integer", "description": "The HTTP status."},
            "description": text("What it means and how to mend it."),
        },
    ),
}
