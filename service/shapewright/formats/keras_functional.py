"""A Keras functional model to a network: its layers, and the calls between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import PendingCall, PendingInput, Source, assemble
from shapewright.formats.keras_inputs import declares_input, read_input
from shapewright.formats.keras_models import Faults, ObjectReader
from shapewright.formats.keras_objects import KerasObject, invalid, needs, read_object
from shapewright.formats.keras_old import FUNCTION_CLASSES
from shapewright.formats.keras_old_calls import is_old, read_old_arguments
from shapewright.formats.keras_tensors import DEEPEST, PROPAGATED, Arguments, read_arguments
from shapewright.network.network import Network
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import is_integer, quote


def read_functional(model: KerasObject, reader: ObjectReader, depth: int) -> Network:
    """The network of a functional model.

    Raises:
        InvalidDocument: with all faults of the model.
    """
    return _FunctionalReader(model, reader, depth).read()


class _FunctionalReader:
    """One pass over a functional model.

    `layers` and `inputs` are what references may name, `incomplete` if some of them are wrong.
    """

    def __init__(self, model: KerasObject, reader: ObjectReader, depth: int) -> None:
        self.model = model
        self.reader = reader
        self.depth = depth
        self.faults = Faults()
        self.layers: dict[str, KerasObject] = {}
        self.inputs: dict[str, PendingInput] = {}
        self.incomplete = False

    def read(self) -> Network:
        self._index_layers()
        self.incomplete = bool(self.faults)
        self._index_inputs()
        self.incomplete = bool(self.faults)
        calls = [
            call
            for number, layer in enumerate(self.layers.values())
            if not layer.is_input
            for call in self._calls(number, layer)
        ]
        outputs = self._outputs()
        self.faults.check()
        return assemble("keras", "keras_json", list(self.inputs.values()), calls, outputs)

    def _index_layers(self) -> None:
        path = (*self.model.config_path, "layers")
        entries = needs(self.model.config.get("layers"), list, "a list of layers", path)
        for index, entry in enumerate(entries):
            with self.faults.gathered():
                layer = read_object(entry, (*path, index))
                if layer.name in self.layers:
                    detail = f"the name {quote(layer.name)} is taken already"
                    raise invalid((*path, index, "name"), detail)
                self.layers[layer.name] = layer

    def _index_inputs(self) -> None:
        for reference, path in self._ends("input_layers"):
            with self.faults.gathered():
                layer, _, _ = self._referred(reference, path)
                if not layer.is_input:
                    detail = f"needs an InputLayer, `{layer.name}` is a {layer.class_name}"
                    raise invalid(path, detail)
                key = (layer.name, 0)
                self.inputs[layer.name] = PendingInput(key, read_input(layer, self.reader.limits))

    def _outputs(self) -> list[Source]:
        outputs = []
        for reference, path in self._ends("output_layers"):
            with self.faults.gathered():
                outputs.append(self._source(reference, path, at_end=True))
        return outputs

    def _ends(self, key: str) -> list[tuple[Any, Path]]:
        """The references to the model's own inputs or outputs, in Keras's order."""
        path = (*self.model.config_path, key)
        found: list[tuple[Any, Path]] = []
        with self.faults.gathered():
            found.extend(_references(self.model.config.get(key), path))
            if not found:
                raise invalid(path, "needs one tensor or more, got none")
        return found

    def _calls(self, number: int, layer: KerasObject) -> list[PendingCall]:
        calls = []
        for index, node in enumerate(layer.nodes):
            with self.faults.gathered():
                path = (*layer.path, "inbound_nodes", index)
                arguments = self._arguments(layer, node, path)
                made = self.reader.make(layer, arguments, self.depth)
                calls.append(made.pending((layer.name, index), layer, number))
        return calls

    def _arguments(self, layer: KerasObject, node: Any, path: Path) -> Arguments:
        without = frozenset[str]() if layer.is_operation else PROPAGATED
        if is_old(node):
            keep_list = layer.class_name in FUNCTION_CLASSES
            return read_old_arguments(node, path, self._source, without, keep_list)
        return read_arguments(node, path, self._source, without)

    def _source(self, reference: Any, path: Path, at_end: bool = False) -> Source:
        """What a reference means; at the model's end, some count a model's calls from 1."""
        layer, node, tensor = self._referred(reference, path)
        if layer.is_input:
            if layer.name not in self.inputs:
                raise self._missing(path, f"`{layer.name}` is none of the model's `input_layers`")
            if tensor:
                raise invalid(path, f"`{layer.name}` has 1 output, number {tensor} is none")
            return (layer.name, 0), 0
        call = node - _first_index(layer, at_end)
        if not 0 <= call < len(layer.nodes):
            detail = f"`{layer.name}` is called {len(layer.nodes)} times, got call {node}"
            raise invalid(path, detail)
        return (layer.name, call), tensor

    def _referred(self, reference: Any, path: Path) -> tuple[KerasObject, int, int]:
        if not _is_reference(reference):
            detail = (
                f"needs a layer's name and the numbers of call and output, got {quote(reference)}"
            )
            raise invalid(path, detail)
        name, node, tensor = reference[:3]
        if name not in self.layers:
            raise self._missing(path, f"no layer is called {quote(name)}")
        return self.layers[name], node, tensor

    def _missing(self, path: Path, detail: str) -> InvalidDocument:
        """A fault, or none where it may only follow from those of the layer that is missing."""
        return InvalidDocument([] if self.incomplete else [Fault(path, detail)])


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[0], str)
        and all(is_integer(number) and number >= 0 for number in value[1:])
    )


def _first_index(layer: KerasObject, at_end: bool) -> int:
    """The index of a layer's first call.

    In Keras 3 the outputs of the model around it count a functional model's calls from 1; in
    tf.keras 2 everything does, and for a sequential model too that knows its input.
    """
    if layer.is_model and layer.nodes and is_old(layer.nodes[0]):
        return int(layer.is_functional or declares_input(layer))
    return int(layer.is_functional and at_end)


def _references(tree: Any, path: Path, depth: int = 0) -> Iterator[tuple[Any, Path]]:
    """The references in a tree of lists and objects; the keys of an object count in order."""
    if depth > DEEPEST:
        raise invalid(path, f"nests more than {DEEPEST} deep")
    if isinstance(tree, list) and not (tree and isinstance(tree[0], str)):
        for index, item in enumerate(tree):
            yield from _references(item, (*path, index), depth + 1)
    elif isinstance(tree, dict):
        for key in sorted(tree):
            yield from _references(tree[key], (*path, key), depth + 1)
    else:
        yield tree, path
