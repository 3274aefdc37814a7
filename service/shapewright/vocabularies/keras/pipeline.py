"""Keras's chain of preprocessing layers."""

from __future__ import annotations

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.wrapper import Named, Sequence
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.parameters import InnerLayer, Layers


def pipeline(layers: tuple[InnerLayer, ...]) -> Operation:
    """Pipeline."""
    if not layers:
        raise ParameterError("needs one layer or more, got none", "layers")
    return Sequence(tuple(Named(layer.name, layer.operation) for layer in layers))


LAYERS = (
    declare(
        "Pipeline",
        "Layers one after another, as one layer.",
        "preprocessing/pipeline.py",
        {"layers": Layers(doc="the layers, from the first to the last")},
        pipeline,
    ),
)
