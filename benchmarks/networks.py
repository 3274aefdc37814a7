"""Networks that are no candidates of a search: layers that are all new, long chains, ResNet-50."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

from benchmarks.layers import Document, Layer, convolution, depthwise, head, normalised, relu6


def chain(length: int) -> Document:
    """Inverted residuals of one size, one after the other."""
    blocks = (layer for number in count() for layer in _residual(number))
    return {"input_shape": [None, 56, 56, 24], "layers": list(islice(blocks, length))}


def _residual(number: int) -> list[Layer]:
    last: Layer = {"type": "Add", "name": f"block{number}"}
    last["inputs"] = [f"block{number - 1}" if number else "input", f"block{number}_project"]
    return [
        *normalised(convolution(144, 1)),
        relu6(),
        *normalised(depthwise(3, 1)),
        relu6(),
        *normalised(convolution(24, 1), name=f"block{number}_project"),
        last,
        {"type": "ReLU"},
    ]


def new_stacks(length: int) -> Iterator[Document]:
    """An endless stream of stacks in which no layer is like any before."""
    layers = _new_layers()
    while True:
        yield {"input_shape": [None, 64, 64, 3], "layers": list(islice(layers, length))}


def _new_layers() -> Iterator[Layer]:
    """Layers that keep the image as large as it is, and differ by numbers that cost nobody more."""
    for number in count():
        rest, height = divmod(number, 13)
        rest, width = divmod(rest, 13)
        kernel_size = [1 + height, 1 + width]
        dilation = [1 + rest % 8, 1 + rest // 8]
        yield convolution(16 + rest, 1) | {"kernel_size": kernel_size}
        yield {"type": "BatchNormalization", "momentum": 0.9 + number * 1e-9}
        yield {"type": "ReLU", "negative_slope": number * 1e-9}
        yield depthwise(1, 1) | {"kernel_size": kernel_size, "dilation_rate": dilation}
        yield {"type": "Dropout", "rate": number * 1e-9}


def resnet50() -> Document:
    """ResNet-50 as a stack."""
    layers = [*normalised(convolution(64, 7, 2)), {"type": "ReLU"}]
    layers.append(
        {"type": "MaxPooling2D", "name": "stem", "pool_size": 3, "strides": 2, "padding": "same"}
    )
    before = "stem"
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for block in range(blocks):
            name = f"stage{stage}_block{block}"
            stride = 2 if stage and not block else 1
            layers += _bottleneck(name, before, 64 * 2**stage, stride, widens=not block)
            before = name
    return {"input_shape": [None, 224, 224, 3], "layers": [*layers, *head()]}


def _bottleneck(
    name: str, before: str, filters: int, stride: int, *, widens: bool
) -> Iterator[Layer]:
    """A bottleneck and, where it changes the shape, the projection of its shortcut."""
    shortcut = before
    if widens:
        shortcut = f"{name}_shortcut"
        first, *rest = normalised(convolution(4 * filters, 1, stride), name=shortcut)
        yield from [first | {"inputs": [before]}, *rest]
    first, *rest = normalised(convolution(filters, 1, stride))
    yield from [first | {"inputs": [before]}, *rest, {"type": "ReLU"}]
    yield from [*normalised(convolution(filters, 3)), {"type": "ReLU"}]
    yield from normalised(convolution(4 * filters, 1), name=f"{name}_last")
    yield {"type": "Add", "inputs": [shortcut, f"{name}_last"]}
    yield {"type": "ReLU", "name": name}
