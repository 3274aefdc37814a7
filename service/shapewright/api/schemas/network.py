"""What is sent: a stack, or a Keras model."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import Schema, array, mapping, obj, ref, text, word
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import LARGEST_INTEGER

TYPES: Final = sorted({name for v in VOCABULARIES.values() for name in (*v.types, *v.aliases)})

NETWORK: Final[dict[str, Schema]] = {
    "Shape": array(
        {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST_INTEGER},
        "The sizes of all axes, the batch axis first; null is a size that is not known. "
        "At most 16 axes, unless the service is configured otherwise.",
        minItems=1,
    ),
    "InputShape": {
        "description": "The only input's shape, or a map of input names to shapes.",
        "anyOf": [ref("Shape"), mapping(ref("Shape"))],
    },
    "Network": {
        "description": "A network in one of the forms, which are told apart by content; or a "
        "string that holds one of them as JSON, which `model.to_json()` is.",
        "oneOf": [ref("Stack"), ref("KerasModel"), text(contentMediaType="application/json")],
    },
    "Stack": obj(
        "The native form: a chain of layers, or a graph of them where layers name their `inputs`.",
        {
            "layers": array(ref("Layer"), "The layers; each reads the one before it."),
            "framework": word(
                *VOCABULARIES,
                doc="Whose layer names, parameters, defaults and rules hold; keras if left out.",
            ),
            "input_shape": ref("Shape"),
            "inputs": {
                **mapping(
                    ref("Shape"), "Named inputs, in place of `input_shape`.", minProperties=1
                ),
                "type": ["object", "null"],
            },
            "outputs": {
                **array(
                    text(), "Names of outputs; those that nobody reads if left out.", minItems=1
                ),
                "type": ["array", "null"],
            },
            "data_format": {
                "description": "Holds for every layer that has this parameter and does not set it."
            },
            "id": {"description": "Anything; left alone."},
            "name": {"description": "Anything; left alone."},
        },
        ("framework", "input_shape", "inputs", "outputs", "data_format", "id", "name"),
        closed=True,
    ),
    "Layer": {
        **obj(
            "A layer. Beside the properties below it has the parameters of its type, as "
            "`GET /v1/layers/{framework}/{type}` lists them; others are refused.",
            {
                "type": {
                    "description": "A layer type of the framework, or `Custom` with "
                    "`output_shape` and `params`.",
                    "anyOf": [word(*TYPES, "Custom"), text()],
                },
                "name": {
                    "type": ["string", "null"],
                    "minLength": 1,
                    "maxLength": 256,
                    "description": "Unique; the framework's habit if left out.",
                },
                "inputs": ref("LayerInputs"),
                "call": {"type": "object", "description": "Constant arguments of the call."},
            },
            ("name", "inputs", "call"),
        ),
    },
    "Batch": obj(
        "Many networks.",
        {
            "specs": array(
                {"anyOf": [ref("Network"), {}]},
                "Each is a network; whatever is none is answered by a problem in its place.",
            )
        },
    ),
    "LayerInputs": {
        "description": "What the layer reads: `name`, `name:1` for the second output of a layer "
        "and so on, a list of them, or a map of argument names to them.",
        "anyOf": [
            text(),
            array(ref("LayerInputs")),
            mapping(ref("LayerInputs")),
            {"type": "null"},
        ],
    },
    "KerasModel": obj(
        "What `model.to_json()` gives, of Keras 3 or of tf.keras 2.",
        {
            "class_name": text("Such as `Sequential` or `Functional`."),
            "config": {"type": "object", "description": "The model's configuration."},
        },
    ),
}
