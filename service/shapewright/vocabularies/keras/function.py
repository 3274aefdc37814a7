"""A function of one's own as a layer, of which nothing is known but what its caller says."""

from __future__ import annotations

from typing import Final

from shapewright.arithmetic.dimension import Shape
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.identity import Declared
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.sizes import Sizes
from shapewright.vocabularies.parameters import ignored

NAME: Final = "Lambda"


def function(output_shape: Shape | None) -> Operation:
    """Lambda; its code is never run."""
    if output_shape is None:
        raise ParameterError(
            "the code of a function is never run here; give the sizes after the batch that come "
            "out of it",
            "output_shape",
        )
    return Declared(output_shape, batched=True)


LAYERS = (
    declare(
        NAME,
        "A function of one's own; what comes out of it has to be said.",
        "core/lambda_layer.py",
        {
            "output_shape": Sizes(
                default=None, minimum=0, single=True, doc="the sizes after the batch"
            ),
            **ignored("function", "mask", "arguments", "function_type", "module"),
            **ignored("output_shape_type", "output_shape_module"),
        },
        function,
    ),
)
