"""A Keras stack as an ONNX model without weights: they are inputs that have only a shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from onnx import ModelProto, TensorProto, ValueInfoProto, helper
from onnx.onnx_cpp2py_export.shape_inference import infer_shapes

from benchmarks.layers import Document, Layer

OPSET: Final = 17

ACTIVATIONS: Final = {"relu": "Relu", "sigmoid": "Sigmoid", "softmax": "Softmax"}


class Model(NamedTuple):
    """A serialised model."""

    content: bytes
    nodes: int


def to_onnx(document: Document) -> Model:
    """The same network in ONNX; what is wrong with it stays wrong."""
    graph = _Graph(document["input_shape"])
    before = "input"
    for index, layer in enumerate(document["layers"]):
        name = layer.get("name", f"layer{index}")
        _add(graph, layer, layer.get("inputs", [before]), name)
        before = name
    model = graph.model(before)
    return Model(model.SerializeToString(), len(model.graph.node))


def compiled(content: bytes) -> object:
    """What onnx's Python function calls, without the parsing of the answer that follows."""
    return infer_shapes(content, False, False, False)


class _Graph:
    """Nodes and inputs as they gather, and how many channels each tensor has."""

    def __init__(self, shape: list[int | None]) -> None:
        batch, height, width, channels = shape
        first = helper.make_tensor_value_info(
            "input", TensorProto.FLOAT, [batch or "N", channels, height, width]
        )
        self.inputs: list[ValueInfoProto] = [first]
        self.channels = {"input": channels or 0}
        self.nodes: list[Any] = []

    def weight(self, *shape: int) -> str:
        name = f"weight{len(self.inputs)}"
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))

    def model(self, last: str) -> ModelProto:
        output = helper.make_tensor_value_info(last, TensorProto.FLOAT, ["N", "features"])
        graph = helper.make_graph(self.nodes, "network", self.inputs, [output])
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])


def _add(graph: _Graph, layer: Layer, inputs: list[str], name: str) -> None:
    """The layer, and its activation as a node of its own."""
    activation = layer.get("activation")
    output = f"{name}_linear" if activation else name
    graph.channels[name] = LAYERS[layer["type"]](graph, layer, inputs, output)
    if activation:
        graph.node(ACTIVATIONS[activation], [output], name)


# ---- layers: each adds its nodes and says how many channels come out ----------------------------


def _convolution(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    filters, size = layer["filters"], layer["kernel_size"]
    kernel = graph.weight(filters, graph.channels[inputs[0]], size, size)
    bias = [graph.weight(filters)] if layer.get("use_bias", True) else []
    graph.node("Conv", [*inputs, kernel, *bias], output, **_window(layer))
    return int(filters)


def _depthwise(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    channels, size = graph.channels[inputs[0]], layer["kernel_size"]
    kernel = graph.weight(channels, 1, size, size)
    graph.node("Conv", [*inputs, kernel], output, group=channels, **_window(layer))
    return channels


def _separable(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    channels, filters = _depthwise(graph, layer, inputs, f"{output}_depthwise"), layer["filters"]
    kernel = graph.weight(filters, channels, 1, 1)
    graph.node("Conv", [f"{output}_depthwise", kernel], output, kernel_shape=[1, 1])
    return int(filters)


def _pooling(kind: str) -> Rule:
    def rule(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
        graph.node(kind, inputs, output, **_window(layer))
        return graph.channels[inputs[0]]

    return rule


def _normalisation(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    channels = graph.channels[inputs[0]]
    statistics = [graph.weight(channels) for _ in range(4)]
    graph.node("BatchNormalization", [*inputs, *statistics], output)
    return channels


def _relu(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    if "max_value" in layer:
        graph.node("Clip", [*inputs, graph.weight(), graph.weight()], output)
    else:
        graph.node("Relu", inputs, output)
    return graph.channels[inputs[0]]


def _global_pooling(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    pooled = output if layer.get("keepdims") else f"{output}_pooled"
    graph.node("GlobalAveragePool", inputs, pooled)
    if pooled != output:
        graph.node("Flatten", [pooled], output)
    return graph.channels[inputs[0]]


def _dense(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    units = layer["units"]
    weights = [graph.weight(graph.channels[inputs[0]], units), graph.weight(units)]
    graph.node("Gemm", [*inputs, *weights], output)
    return int(units)


def _elementwise(kind: str) -> Rule:
    def rule(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
        graph.node(kind, inputs, output)
        return graph.channels[inputs[0]]

    return rule


def _concatenate(graph: _Graph, layer: Layer, inputs: list[str], output: str) -> int:
    graph.node("Concat", inputs, output, axis=1)
    return sum(graph.channels[name] for name in inputs)


Rule = Callable[[_Graph, Layer, list[str], str], int]

LAYERS: Final[dict[str, Rule]] = {
    "Add": _elementwise("Add"),
    "AveragePooling2D": _pooling("AveragePool"),
    "BatchNormalization": _normalisation,
    "Concatenate": _concatenate,
    "Conv2D": _convolution,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise,
    "GlobalAveragePooling2D": _global_pooling,
    "Identity": _elementwise("Identity"),
    "MaxPooling2D": _pooling("MaxPool"),
    "Multiply": _elementwise("Mul"),
    "ReLU": _relu,
    "SeparableConv2D": _separable,
}


# ---- windows -------------------------------------------------------------------------------------

PADDINGS: Final = {"same": "SAME_UPPER", "valid": "VALID"}

WINDOW: Final[dict[str, Callable[[Any], tuple[str, Any]]]] = {
    "kernel_size": lambda size: ("kernel_shape", [size, size]),
    "pool_size": lambda size: ("kernel_shape", [size, size]),
    "strides": lambda size: ("strides", [size, size]),
    "padding": lambda word: ("auto_pad", PADDINGS.get(word, word)),
    "stride": lambda size: ("stride", size),
}
"""How ONNX says what a layer says of its window; a wrong name stays a wrong name."""


def _window(layer: Layer) -> dict[str, Any]:
    return dict(WINDOW[key](value) for key, value in layer.items() if key in WINDOW)
