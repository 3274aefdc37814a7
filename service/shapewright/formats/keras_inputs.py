"""The inputs of Keras models: what `InputLayer` says, or what a sequential model implies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shapewright.arithmetic.dimension import Shape
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.options import Limits
from shapewright.formats.shapes import read_shape
from shapewright.network.network import Input
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault

UNDECLARED: Final[Shape] = ()
"""Stands for the shape of an input that a model leaves to its caller."""


def read_input(layer: KerasObject, limits: Limits) -> Input:
    """The input that an `InputLayer` stands for.

    Raises:
        InvalidDocument: it has no shape, or something else in its place.
    """
    for value, path in _declared(layer):
        return Input(layer.name, _shape(value, path, limits))
    raise invalid(layer.config_path, "an InputLayer needs `batch_shape`")


def implied_input(model: KerasObject, first: KerasObject, limits: Limits) -> Input:
    """The input of a sequential model that begins without an `InputLayer`.

    Raises:
        InvalidDocument: what stands in the place of a shape is none.
    """
    name = f"{first.name}_input"
    for value, path in (*_declared(first), *_built(model)):
        return Input(name, _shape(value, path, limits))
    return Input(name, UNDECLARED)


def declares_input(model: KerasObject) -> bool:
    """Whether a sequential model of tf.keras 2 knows the shape of its input."""
    layers = model.config.get("layers")
    first = layers[0] if isinstance(layers, list) and layers else None
    config = first.get("config") if isinstance(first, Mapping) else None
    return isinstance(config, Mapping) and (
        "batch_input_shape" in config or "batch_shape" in config or "layers" in config
    )


def _declared(layer: KerasObject) -> Iterator[tuple[Any, Path]]:
    """The shapes in a layer's config, and where they stand; the batch axis comes first."""
    config, path = layer.config, layer.config_path
    for key in ("batch_shape", "batch_input_shape"):
        if config.get(key) is not None:
            yield config[key], (*path, key)
    for key in ("shape", "input_shape"):
        if isinstance(config.get(key), list):
            yield [config.get("batch_size"), *config[key]], (*path, key)


def _built(model: KerasObject) -> Iterator[tuple[Any, Path]]:
    """The shapes that Keras notes when it builds a sequential model."""
    if model.config.get("build_input_shape") is not None:
        yield model.config["build_input_shape"], (*model.config_path, "build_input_shape")
    build = model.build_config
    if isinstance(build, dict) and isinstance(build.get("input_shape"), list):
        yield build["input_shape"], (*model.path, "build_config", "input_shape")


def _shape(value: Any, path: Path, limits: Limits) -> Shape:
    faults: list[Fault] = []
    shape = read_shape(value, path, limits, faults)
    if faults:
        raise InvalidDocument(faults)
    return shape
