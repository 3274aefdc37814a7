"""Arrays in and out."""

from __future__ import annotations

from typing import Final

from shapewright.api.schemas.build import (
    Schema,
    array,
    count,
    flag,
    nullable,
    obj,
    ref,
    said,
    text,
    word,
)
from shapewright.numeric.lists import DTYPES
from shapewright.numeric.npy import MOST_AXES
from shapewright.running.run import PARTS
from shapewright.vocabularies.frameworks import VOCABULARIES

DOCS: Final = {
    "input": "What the layer is called on.",
    "kernel": "Of a convolution; a depthwise one too.",
    "bias": "One number for each output channel.",
    "depthwise_kernel": "Of a separable convolution.",
    "pointwise_kernel": "Of a separable convolution.",
}

WINDOW_LAYER: Final = ref("WindowLayer")

CONVOLVE: Final[dict[str, Schema]] = {
    "WindowLayer": obj(
        "A window layer as in a stack, with the parameters of its type. What the arrays tell may "
        "be left out: `filters`, or `in_channels` and `out_channels`, and `kernel_size`.",
        {
            "type": text("Such as `Conv2D`, or `MaxPool2d` of torch."),
            "framework": word(*VOCABULARIES, doc="Whose layer it is; keras if left out."),
            "name": {"type": ["string", "null"], "minLength": 1, "maxLength": 256},
        },
        ("framework", "name"),
    ),
    "Lists": {
        "description": "Lists of the same length in each level, down to numbers. A complex number "
        "is a list of two.",
        "anyOf": [{"type": "number"}, array(ref("Lists"))],
    },
    "Array": {
        "description": "Nested lists, which become int64 or float64, or an object that tells the "
        "type.",
        "anyOf": [
            ref("Lists"),
            obj(
                "Lists of a type.",
                {
                    "data": ref("Lists"),
                    "dtype": word(*sorted(DTYPES), doc="By the names of numpy."),
                    "shape": array(count(), "If given, `data` may be flat.", maxItems=MOST_AXES),
                },
                ("dtype", "shape"),
                closed=True,
            ),
        ],
    },
    "Convolve": obj(
        "A layer, and its arrays in the framework's layout.",
        {"layer": WINDOW_LAYER, **{part: said(ref("Array"), DOCS[part]) for part in PARTS}},
        PARTS[1:],
        closed=True,
    ),
    "ConvolveForm": obj(
        "`layer` is JSON; arrays are `.npy` files, or members of one `.npz` file.",
        {
            "layer": WINDOW_LAYER,
            **{part: text(DOCS[part], format="binary") for part in PARTS},
            "arrays": text("A `.npz` file in their place.", format="binary"),
        },
        (*PARTS, "arrays"),
        closed=True,
    ),
    "Numbers": {
        "description": "Nested lists of numbers; one that is not finite is null, a complex one a "
        "list of two.",
        "anyOf": [{"type": ["number", "null"]}, array(ref("Numbers"))],
    },
    "ArrayAnswer": obj(
        "An array.",
        {
            "shape": array(count()),
            "dtype": word(*sorted(DTYPES), doc="By the names of numpy."),
            "data": ref("Numbers"),
        },
    ),
    "Convolved": obj(
        "What came out, and what the report says of it.",
        {
            "output": ref("ArrayAnswer"),
            "layer": ref("LayerReport"),
            "shape_agrees": flag("Whether the computed shape is the one that `layer` predicts."),
            "mask": said(
                ref("ArrayAnswer"),
                "For each place of the output, without batch and channels, how many taps lie on "
                "data; as `mask` asked.",
            ),
            "impulse": array(ref("Samples"), "By spatial axis; as `impulse` asked."),
        },
        ("mask", "impulse"),
    ),
    "Samples": obj(
        "The first, a middle and the last output along one axis.",
        {
            "axis": count("The axis of the input's shape."),
            "windows": array(ref("Sample")),
        },
    ),
    "Sample": obj(
        "One output, and what its taps read.",
        {
            "output": count("Its index along the axis."),
            "reads": array(
                nullable(count()),
                "For each tap the input index that it reads, or that the padding under it is "
                "copied from; null where there is padding alone. In a transposed layer: the input "
                "from which the tap brings something to this output, or null.",
            ),
        },
    ),
}
