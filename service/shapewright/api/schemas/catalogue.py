"""What is answered about layer types and about the service itself."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import Schema, array, obj, ref, text, word
from shapewright.vocabularies.frameworks import VOCABULARIES

_HEAD: Final[dict[str, Schema]] = {
    "framework": word(*VOCABULARIES),
    "type": text("The name by which stacks call it."),
    "aliases": array(text(), "Other names for it."),
    "summary": text("What it does, in one line."),
    "href": text("The address of all that is known of it."),
}

CATALOGUE: Final[dict[str, Schema]] = {
    "LayerTypes": obj("The catalogue.", {"layers": array(ref("LayerTypeSummary"))}),
    "LayerTypeSummary": obj("A layer type in one line.", _HEAD),
    "LayerType": obj(
        "All that is known of a layer type.",
        {
            **_HEAD,
            "source": text("Where the framework says what the layer does.", format="uri"),
            "arguments": array(text(), "Names of the call's arguments, where there are several."),
            "parameters": {
                "type": "object",
                "description": "The parameters as a JSON Schema: types, defaults, bounds.",
            },
        },
    ),
    "Status": obj("How the service is.", {"status": word("ok")}),
}
