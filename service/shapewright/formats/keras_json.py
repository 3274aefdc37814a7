"""Keras models as JSON (`model.to_json()`) to networks, and the layers that they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shapewright.formats.inputs import with_overrides
from shapewright.formats.keras_functional import read_functional
from shapewright.formats.keras_inputs import UNDECLARED
from shapewright.formats.keras_models import Around, Made
from shapewright.formats.keras_objects import KerasObject, invalid, read_object
from shapewright.formats.keras_old import FUNCTION_CLASSES, parameters_of, read_function
from shapewright.formats.keras_readings import Entries, circumstances
from shapewright.formats.keras_sequential import read_sequential
from shapewright.formats.keras_tensors import Arguments
from shapewright.formats.layer import Built, LayerReader
from shapewright.formats.options import Limits, Options
from shapewright.network.nested import Nested
from shapewright.network.network import Layer, Network, Ref
from shapewright.operations.wrapper import Fed, Frozen
from shapewright.paths import Path
from shapewright.vocabularies import keras
from shapewright.vocabularies.call import Call, Slot, single
from shapewright.vocabularies.keras.function import NAME as FUNCTION
from shapewright.vocabularies.keras.ops import OPERATIONS
from shapewright.vocabularies.parameters import InnerLayer


def read_keras(document: Any, options: Options) -> Network:
    """The network of a Keras model.

    Raises:
        InvalidDocument: with all faults of the document.
    """
    model = read_object(document, ())
    if not model.is_model:
        raise invalid(("class_name",), f"needs a Keras model, {model.class_name} is none")
    network = with_overrides(KerasReader(options).network(model, 0), options)
    for tensor in network.inputs:
        if tensor.shape == UNDECLARED:
            detail = "the model does not say the shape of its input; give it as `input_shape`"
            raise invalid(model.config_path, detail)
    return network


def read_inner(value: Any, path: Path, depth: int, options: Options) -> InnerLayer:
    """A serialized layer or model that is a parameter of the layer around it.

    Raises:
        InvalidDocument: with all faults of the layer.
    """
    return KerasReader(options).inner(value, path, depth)


class KerasReader:
    """Reads the layers of one document; it counts them, and reads no nested model twice."""

    def __init__(self, options: Options) -> None:
        self.limits: Final[Limits] = options.limits
        self._layers, self._operations = (
            LayerReader(vocabulary, options.unknown_as_identity, self.limits.nesting, self.inner)
            for vocabulary in (keras.VOCABULARY, OPERATIONS)
        )
        self._count = 0
        self._models: dict[Path, tuple[Network, int]] = {}

    def network(self, model: KerasObject, depth: int, frozen: bool = False) -> Network:
        """A model as a network of its own; no weight of a frozen one trains.

        Raises:
            InvalidDocument: with all faults of the model.
        """
        if depth > self.limits.nesting:
            raise invalid(model.path, f"models nest more than {self.limits.nesting} deep")
        read = read_functional if model.is_functional else read_sequential
        return read(model, self, Around(depth, frozen or model.config.get("trainable") is False))

    def entries(self, model: KerasObject, around: Around, form: str) -> Entries:
        """The layers that a model of this form lists, known by all that their reading hangs on."""
        told = circumstances(self.limits, self._layers.unknown_as_identity, around, form)
        return Entries(model, told, self.limits.layers)

    def has_room(self, layers: int) -> bool:
        """Count more layers, if they are not too many."""
        fits = self._count + layers <= self.limits.layers
        self._count += layers * fits
        return fits

    def make(self, layer: KerasObject, arguments: Arguments, around: Around) -> Made:
        """One call of a layer, a model or an operation.

        Raises:
            InvalidDocument: with all faults of the layer, or because it is one too many.
        """
        before, models = self._count, len(self._models)
        self._charge(1, layer)
        if layer.is_model:
            network = self._nested(layer, around.depth + 1, around.frozen)
            sources = in_order(network, arguments, layer)
            return Made(Layer(layer.class_name, Nested(network)), sources, len(network.outputs))
        if not arguments.sources:
            raise invalid(layer.path, f"`{layer.name}` is called on no tensor of the model")
        built = self._layer(layer, arguments.call, around.depth)
        operation = built.operation
        if arguments.has_constants:
            operation = Fed(operation, arguments.operands)
        if around.frozen:
            operation = Frozen(operation)
        return Made(
            Layer(layer.class_name, operation, built.spelling),
            arguments.sources,
            count=self._count - before if len(self._models) == models else 0,
        )

    def inner(self, value: Any, path: Path, depth: int) -> InnerLayer:
        """A layer that is a parameter of another.

        Raises:
            InvalidDocument: with all faults of the layer, or because it is one too many.
        """
        layer = read_object(value, path)
        self._charge(1, layer)
        if layer.is_model:
            built = Built(Nested(self._nested(layer, depth)))
        else:
            built = self._layer(layer, single(), depth)
        return InnerLayer(layer.class_name, layer.name, built.operation, built.values)

    def _layer(self, layer: KerasObject, call: Call, depth: int) -> Built:
        if layer.class_name in FUNCTION_CLASSES:
            return read_function(layer, call, self._operations)
        reader = self._operations if layer.is_operation else self._layers
        raw, type_path = parameters_of(layer), (*layer.path, "class_name")
        type_name = layer.type_name
        if type_name == FUNCTION and reader.unknown_as_identity and not raw.get("output_shape"):
            type_name = "a function whose `output_shape` is not given"
        return reader.build(type_name, raw, call, layer.config_path, depth, type_path)

    def _nested(self, model: KerasObject, depth: int, frozen: bool = False) -> Network:
        """A model's network; calling it again costs as many layers as it holds."""
        if model.path in self._models:
            network, held = self._models[model.path]
            self._charge(held, model)
            return network
        before = self._count
        network = self.network(model, depth, frozen)
        self._models[model.path] = network, self._count - before
        return network

    def _charge(self, layers: int, layer: KerasObject) -> None:
        self._count += layers
        if self._count > self.limits.layers:
            detail = f"at most {self.limits.layers} layers, nested ones counted in each call"
            raise invalid(layer.path, detail)


def in_order(network: Network, arguments: Arguments, layer: KerasObject) -> tuple[Ref, ...]:
    """What a nested model reads, in the order of its inputs.

    A map goes by the inputs' names if it has them all, and else by its keys in order, as every
    other tree goes from left to right.

    Raises:
        InvalidDocument: a model's input is not a tensor of the model around it.
    """
    tree: Any = arguments.call.bind(("inputs",)).get("inputs")
    names = [tensor.name for tensor in network.inputs]
    if isinstance(tree, Mapping) and tree.keys() >= set(names):
        tree = tuple(tree[name] for name in names)
    tensors = [
        arguments.tensors[leaf.index] if isinstance(leaf, Slot) else None for leaf in leaves(tree)
    ]
    sources = tuple(tensor for tensor in tensors if isinstance(tensor, tuple))
    if len(sources) != len(names):
        raise invalid(
            layer.path, f"`{layer.name}` has {len(names)} inputs, got {len(sources)} tensors"
        )
    return sources


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves of a call's argument; the keys of a map count in order."""
    if isinstance(tree, Mapping):
        tree = [tree[key] for key in sorted(tree)]
    if isinstance(tree, (tuple, list)):
        for item in tree:
            yield from leaves(item)
    else:
        yield tree
