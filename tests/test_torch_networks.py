"""Whole networks as PyTorch stacks; the numbers are those of PyTorch itself."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Report, ShapesDoNotFit

Layer = dict[str, Any]
Layers = list[Layer]


def report(input_shape: list[int | None], layers: Layers) -> Report:
    """What is inferred of a stack."""
    document = {"framework": "torch", "input_shape": input_shape, "layers": layers}
    return infer(read_stack(document, Options()))


def named(layer: Layer, name: str, *inputs: str) -> Layer:
    """The layer under a name, reading these."""
    return {**layer, "name": name, "inputs": list(inputs)}


def conv(channels: int, filters: int, kernel: int, **more: Any) -> Layer:
    """A convolution that keeps the size if the stride is 1."""
    sizes = {"in_channels": channels, "out_channels": filters, "kernel_size": kernel}
    return {"type": "Conv2d", **sizes, "padding": kernel // 2, **more}


def norm(channels: int) -> Layer:
    """A batch normalization."""
    return {"type": "BatchNorm2d", "num_features": channels}


RELU: Layer = {"type": "ReLU", "inplace": True}

RESNET_STAGES = {
    "pool": (64, 56, 56),
    "layer1-1": (64, 56, 56),
    "layer2-1": (128, 28, 28),
    "layer3-1": (256, 14, 14),
    "layer4-1": (512, 7, 7),
}

UNET_STAGES = {
    "down0": (1, 8, 64, 48),
    "down1": (1, 16, 32, 24),
    "down2": (1, 32, 16, 12),
    "join1": (1, 32, 32, 24),
    "up1": (1, 16, 32, 24),
    "join0": (1, 16, 64, 48),
    "up0": (1, 8, 64, 48),
    "26": (1, 2, 64, 48),
}


def basic_block(name: str, source: str, channels: int, filters: int, stride: int) -> Layers:
    """Two convolutions beside a shortcut, as in He et al., arXiv 1512.03385."""
    layers = [
        named(conv(channels, filters, 3, stride=stride, bias=False), f"{name}.conv1", source),
        norm(filters),
        RELU,
        conv(filters, filters, 3, bias=False),
        {**norm(filters), "name": f"{name}.bn2"},
    ]
    shortcut = source
    if stride > 1:
        shortcut = f"{name}.downsample"
        down = conv(channels, filters, 1, stride=stride, bias=False)
        layers += [named(down, f"{name}.conv3", source), {**norm(filters), "name": shortcut}]
    total = named({"type": "add"}, f"{name}.add", f"{name}.bn2", shortcut)
    return [*layers, total, {**RELU, "name": name}]


def resnet18(classes: int) -> Layers:
    """ResNet-18 for images of three channels."""
    layers: Layers = [
        conv(3, 64, 7, stride=2, bias=False),
        norm(64),
        RELU,
        {"type": "MaxPool2d", "kernel_size": 3, "stride": 2, "padding": 1, "name": "pool"},
    ]
    source, channels = "pool", 64
    for stage, filters in enumerate((64, 128, 256, 512), start=1):
        for block in (0, 1):
            name = f"layer{stage}-{block}"
            stride = 2 if filters > channels else 1
            layers += basic_block(name, source, channels, filters, stride)
            source, channels = name, filters
    return [
        *layers,
        {"type": "AdaptiveAvgPool2d", "output_size": 1},
        {"type": "Flatten"},
        {"type": "Linear", "in_features": 512, "out_features": classes},
    ]


def double_conv(channels: int, filters: int, name: str) -> Layers:
    """Two convolutions with activations; the last layer has the name."""
    first, second = conv(channels, filters, 3), conv(filters, filters, 3)
    return [first, {"type": "ReLU"}, second, {"type": "ReLU", "name": name}]


def unet(channels: int, classes: int, widths: tuple[int, ...]) -> Layers:
    """A U-Net (Ronneberger et al., arXiv 1505.04597) with padded convolutions."""
    layers: Layers = []
    for depth, width in enumerate(widths):
        layers += double_conv(channels, width, f"down{depth}")
        layers += [{"type": "MaxPool2d", "kernel_size": 2}] if depth < len(widths) - 1 else []
        channels = width
    for depth, width in reversed(list(enumerate(widths[:-1]))):
        sizes = {"in_channels": channels, "out_channels": width, "kernel_size": 2, "stride": 2}
        layers += [
            {"type": "ConvTranspose2d", **sizes, "name": f"grow{depth}"},
            named({"type": "cat", "dim": 1}, f"join{depth}", f"down{depth}", f"grow{depth}"),
            *double_conv(2 * width, width, f"up{depth}"),
        ]
        channels = width
    return [*layers, conv(channels, classes, 1)]


def output_shapes(found: Report) -> dict[str, Any]:
    """The first output of every layer, by name."""
    return {entry.name: entry.output_shapes[0] for entry in found.layers}


def test_resnet18_has_the_parameters_and_multiply_adds_of_torchvision() -> None:
    """The published count of parameters, and what PyTorch's own counter says of the operations."""
    found = report([1, 3, 224, 224], resnet18(1000))
    assert found.totals.params == 11_689_512
    assert found.totals.macs == 1_814_073_344
    assert found.outputs[0].shape == (1, 1000)
    assert {name: output_shapes(found)[name][1:] for name in RESNET_STAGES} == RESNET_STAGES


def test_resnet18_on_an_odd_size() -> None:
    """Every stride meets an odd size, and the shortcuts still agree with the blocks."""
    found = report([2, 3, 65, 33], resnet18(10))
    assert found.totals.params == 11_181_642
    assert found.totals.macs == 133_225_664
    assert output_shapes(found)["layer2-1"] == (2, 128, 9, 5)
    assert output_shapes(found)["layer4-1"] == (2, 512, 3, 2)


def test_resnet18_of_unknown_batch_and_size() -> None:
    """Adaptive pooling settles the size, so that the classifier is certain."""
    found = report([None, 3, None, None], resnet18(10))
    assert found.totals.params == 11_181_642
    assert found.totals.macs is UNKNOWN
    assert found.outputs[0].shape == (UNKNOWN, 10)


def test_unet_shapes_and_counts() -> None:
    """Encoder and decoder meet at every depth."""
    found = report([1, 1, 64, 48], unet(1, 2, (8, 16, 32)))
    assert found.totals.params == 29_330
    assert found.totals.macs == 18_751_488
    assert {name: output_shapes(found)[name] for name in UNET_STAGES} == UNET_STAGES


def test_unet_of_one_sample_without_a_batch() -> None:
    """The same sizes less the batch; `dim` then counts from the channels."""
    layers = [{**x, "dim": 0} if x["type"] == "cat" else x for x in unet(1, 2, (8, 16, 32))]
    found = report([1, 64, 48], layers)
    assert {name: (1, *output_shapes(found)[name]) for name in UNET_STAGES} == UNET_STAGES


def test_unet_refuses_a_size_that_pooling_rounds() -> None:
    """A height of 50 is pooled to 25 and 12, which grows back to 24."""
    with pytest.raises(ShapesDoNotFit) as caught:
        report([1, 1, 50, 48], unet(1, 2, (8, 16, 32)))
    (fault,) = caught.value.faults
    assert fault.name == "join1"
    assert "size 25" in fault.detail
    assert "size 24" in fault.detail
