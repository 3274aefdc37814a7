"""A Keras functional model to a network: its layers, and the calls between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapewright.formats.graph import Row, assemble
from shapewright.formats.keras_inputs import read_input
from shapewright.formats.keras_models import Around, Faults, ObjectReader
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.keras_old import FUNCTION_CLASSES
from shapewright.formats.keras_old_calls import is_old, read_old_arguments
from shapewright.formats.keras_readings import Reading, Reference
from shapewright.formats.keras_references import Tensors
from shapewright.formats.keras_tensors import DEEPEST, PROPAGATED, Arguments, read_arguments
from shapewright.network.network import Input, Layer, Network, Ref
from shapewright.paths import Path


def read_functional(model: KerasObject, reader: ObjectReader, around: Around) -> Network:
    """The network of a functional model.

    Raises:
        InvalidDocument: with all faults of the model.
    """
    return _FunctionalReader(model, reader, around).read()


class _FunctionalReader:
    """One pass over a functional model; faults gather until the end."""

    def __init__(self, model: KerasObject, reader: ObjectReader, around: Around) -> None:
        self.model = model
        self.reader = reader
        self.around = around
        self.faults = Faults()
        self.entries = reader.entries(model, around, "functional")
        self.tensors = Tensors(self.entries)

    def read(self) -> Network:
        self._index_layers()
        self._index_inputs()
        self.tensors.number(self.reader.limits.layers)
        calls = self._calls()
        outputs = self._outputs()
        self.faults.check()
        inputs = list(self.tensors.inputs.values())
        return assemble("keras", "keras_json", inputs, calls, outputs)

    def _index_layers(self) -> None:
        places = self.tensors.places
        for index, known in enumerate(self.entries.known):
            if known and known.name not in places:
                places[known.name] = index
                continue
            with self.faults:
                self.tensors.add(index)
        self.tensors.incomplete = bool(self.faults)

    def _index_inputs(self) -> None:
        for reference, path in self._ends("input_layers"):
            with self.faults:
                name, _, _ = self.tensors.referred(reference, path)
                self.tensors.inputs[name] = self._input(name, path)
        self.tensors.incomplete = bool(self.faults)

    def _input(self, name: str, path: Path) -> Input:
        known = self.tensors.known(name)
        if known and known.input:
            return known.input
        layer = self.tensors.layer(name)
        if not layer.is_input:
            raise invalid(path, f"needs an InputLayer, `{name}` is a {layer.class_name}")
        tensor = read_input(layer, self.reader.limits)
        self.entries.keep(self.tensors.places[name], Reading(name, tensor))
        return tensor

    def _outputs(self) -> list[Ref]:
        outputs = []
        for reference, path in self._ends("output_layers"):
            with self.faults:
                outputs.append(self.tensors.source(reference, path, at_end=True))
        return outputs

    def _ends(self, key: str) -> list[tuple[Any, Path]]:
        """The references to the model's own inputs or outputs, in Keras's order."""
        path = (*self.model.config_path, key)
        found: list[tuple[Any, Path]] = []
        with self.faults:
            found.extend(_references(self.model.config.get(key), path))
            if not found:
                raise invalid(path, "needs one tensor or more, got none")
        return found

    def _calls(self) -> list[Row]:
        calls: list[Row] = []
        for name, index in self.tensors.places.items():
            known = self.entries.known[index]
            made = self._known_calls(known, index) if known else None
            calls += self._read_calls(index, self.tensors.layer(name)) if made is None else made
        return calls

    def _known_calls(self, known: Reading, index: int) -> list[Row] | None:
        """The calls of a layer that is known, if what they read is there."""
        place = (*self.entries.path, index, "config")
        calls: list[Row] = []
        for layer, references in known.calls:
            reads = self.tensors.found(references)
            if reads is None:
                return None
            calls.append((layer, reads, known.name, index, place))
        return calls if self.reader.has_room(known.count) else None

    def _read_calls(self, index: int, layer: KerasObject) -> list[Row]:
        if layer.is_input:
            return []
        calls: list[Row] = []
        said: list[tuple[Layer, tuple[Reference, ...]]] = []
        count = 0
        for number, node in enumerate(layer.nodes):
            with self.faults:
                path = (*layer.path, "inbound_nodes", number)
                arguments, asked = self._arguments(layer, node, path)
                made = self.reader.make(layer, arguments, self.around)
                calls.append((made.layer, made.reads, layer.name, index, layer.config_path))
                if made.count:
                    said.append((made.layer, asked))
                    count += made.count
        if len(said) == len(layer.nodes):
            own = tuple((layer.name, call, 0) for call in range(len(said)))
            self.entries.keep(index, Reading(layer.name, None, tuple(said), own, count))
        return calls

    def _arguments(
        self, layer: KerasObject, node: Any, path: Path
    ) -> tuple[Arguments, tuple[Reference, ...]]:
        """The arguments of a call, and the references among them."""
        asked: list[Reference] = []

        def source(reference: Any, path: Path) -> Ref:
            found = self.tensors.source(reference, path)
            asked.append(tuple(reference))
            return found

        without = frozenset[str]() if layer.is_operation else PROPAGATED
        if is_old(node):
            keep_list = layer.class_name in FUNCTION_CLASSES
            arguments = read_old_arguments(node, path, source, without, keep_list)
        else:
            arguments = read_arguments(node, path, source, without)
        return arguments, tuple(asked)


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
