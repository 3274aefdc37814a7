"""What is answered when something is wrong."""

from __future__ import annotations

from typing import Final

from shapewright.api.kinds import KINDS, MOST_ERRORS
from shapewright.api.schemas.build import Schema, array, count, obj, ref, text, word

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
            "error_count": count("How many faults there are, listed or not."),
            "layer": obj(
                "The first layer that does not accept what arrives.",
                {"index": count(), "name": text(), "type": text()},
            ),
            "input_shapes": array(ref("Size"), "What arrives at that layer."),
            "partial": ref("Report"),
        },
        ("errors", "error_count", "layer", "input_shapes", "partial"),
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
