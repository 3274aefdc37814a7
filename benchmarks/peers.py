"""What Keras and PyTorch do to find out the shapes of a network."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"

from collections.abc import Callable
from typing import Any, Final

import keras
import torch
from torch import nn

from benchmarks.layers import Document, Layer

torch.set_num_threads(1)

Shape = tuple[int | None, ...]


def keras_shapes(document: Document) -> Shape:
    """Construct each layer of a chain and ask it; no weights are made."""
    shape: Shape = tuple(document["input_shape"])
    for layer in document["layers"]:
        shape = _keras_layer(layer).compute_output_shape(shape)
    return shape


def keras_tensors(document: Document) -> Shape:
    """Construct each layer of a chain and call it with a symbolic tensor, which makes weights."""
    tensor = keras.Input(batch_shape=document["input_shape"])
    for layer in document["layers"]:
        tensor = _keras_layer(layer)(tensor)
    return tuple(tensor.shape)


def keras_model(json: str) -> Shape:
    """Make a whole model of its JSON; then it can be asked."""
    return tuple(keras.models.model_from_json(json).output_shape)


def torch_meta(document: Document) -> Shape:
    """Construct each module on the meta device and call it with what it reads, all without data."""
    _, height, width, channels = document["input_shape"]
    before = "input"
    with torch.device("meta"), torch.no_grad():
        tensors = {before: torch.empty(1, channels, height, width)}
        for index, layer in enumerate(document["layers"]):
            read = [tensors[name] for name in layer.get("inputs", [before])]
            before = layer.get("name", f"layer{index}")
            tensors[before] = MODULES[layer["type"]](layer, read[0].shape[1])(*read)
    return tuple(tensors[before].shape)


def _keras_layer(layer: Layer) -> Any:
    parameters = {key: value for key, value in layer.items() if key != "type"}
    return getattr(keras.layers, layer["type"])(**parameters)


def _window(layer: Layer, size: int) -> dict[str, int]:
    """PyTorch pads both sides alike, which gives the same sizes where windows are odd."""
    return {"kernel_size": size, "stride": layer["strides"], "padding": size // 2}


MODULES: Final[dict[str, Callable[[Layer, int], Callable[..., Any]]]] = {
    "Add": lambda layer, channels: torch.add,
    "BatchNormalization": lambda layer, channels: nn.BatchNorm2d(channels),
    "Conv2D": lambda layer, channels: nn.Conv2d(
        channels, layer["filters"], **_window(layer, layer["kernel_size"]), bias=False
    ),
    "Dense": lambda layer, channels: nn.Linear(channels, layer["units"]),
    "GlobalAveragePooling2D": lambda layer, channels: nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
    "MaxPooling2D": lambda layer, channels: nn.MaxPool2d(**_window(layer, layer["pool_size"])),
    "ReLU": lambda layer, channels: nn.ReLU(),
}
"""The module of each layer type of ResNet-50, made for so many channels."""
