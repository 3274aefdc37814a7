"""What the references of a functional model mean, such as `["conv2d", 0, 0]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import alone
from shapewright.formats.keras_inputs import declares_input
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.keras_old_calls import is_old
from shapewright.formats.keras_readings import Entries, Reading, Reference
from shapewright.network.network import Input, Ref
from shapewright.paths import Path
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import is_integer, quote


class Tensors:
    """The tensors of a functional model.

    `places` are those of its layers in the document, by name, and `inputs` are its inputs.
    `incomplete` says that some of them are wrong, so that what is not found may only follow.
    """

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.places: dict[str, int] = {}
        self.inputs: dict[str, Input] = {}
        self.incomplete = False
        self._objects: dict[str, KerasObject] = {}
        self._starts: dict[str, int] = {}
        self._seats: dict[Reference, tuple[Ref]] = {}

    def add(self, index: int) -> None:
        """One more layer, which is not known.

        Raises:
            InvalidDocument: it is none, or there is one of its name.
        """
        layer = self.entries.read(index)
        if layer.name in self.places:
            detail = f"the name {quote(layer.name)} is taken already"
            raise invalid((*layer.path, "name"), detail)
        self.places[layer.name] = index
        self._objects[layer.name] = layer

    def known(self, name: str) -> Reading | None:
        """What the layer says by itself, if that is known."""
        return self.entries.known[self.places[name]]

    def layer(self, name: str) -> KerasObject:
        """A layer as an object."""
        if name not in self._objects:
            self._objects[name] = self.entries.read(self.places[name])
        return self._objects[name]

    def number(self, most: int) -> None:
        """Number the inputs and then the calls; up to `most` are found at once."""
        seats = [(name, 0, 0) for name in self.inputs]
        self._starts = {name: number for number, name in enumerate(self.inputs)}
        number = len(seats)
        for name, index in self.places.items():
            known = self.entries.known[index]
            own = known.own if known else _own(self._objects[name])
            if own:
                self._starts[name] = number
                number += len(own)
            if number <= most:
                seats += own
        self._seats = dict(zip(seats, alone(min(len(seats), most)), strict=False))

    def found(self, references: tuple[Reference, ...]) -> tuple[Ref, ...] | None:
        """What references mean, if that can be said at once."""
        if len(references) == 1 and (seat := self._seats.get(references[0])):
            return seat
        refs = []
        for name, node, output in references:
            seat = self._seats.get((name, node, 0))
            if seat is None or (output and name in self.inputs):
                return None
            refs.append(Ref(seat[0].producer, output))
        return tuple(refs)

    def source(self, reference: Any, path: Path, at_end: bool = False) -> Ref:
        """What a reference means; at the model's end, some count a model's calls from 1.

        Raises:
            InvalidDocument: it means nothing.
        """
        name, node, output = self.referred(reference, path)
        if self.known(name) or not at_end:
            found = self.found(((name, node, output),))
            if found:
                return found[0]
        layer = self.layer(name)
        if layer.is_input:
            if name not in self.inputs:
                raise self._missing(path, f"`{name}` is none of the model's `input_layers`")
            if output:
                raise invalid(path, f"`{name}` has 1 output, number {output} is none")
            return Ref(self._starts[name])
        call = node - _first_index(layer, at_end)
        if not 0 <= call < len(layer.nodes):
            detail = f"`{name}` is called {len(layer.nodes)} times, got call {node}"
            raise invalid(path, detail)
        return Ref(self._starts[name] + call, output)

    def referred(self, reference: Any, path: Path) -> Reference:
        """A reference to a layer that there is, whether or not it is called.

        Raises:
            InvalidDocument: it is none, or there is no such layer.
        """
        if not _is_reference(reference):
            detail = (
                f"needs a layer's name and the numbers of call and output, got {quote(reference)}"
            )
            raise invalid(path, detail)
        name, node, output = reference
        if name not in self.places:
            raise self._missing(path, f"no layer is called {quote(name)}")
        return name, node, output

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


def _own(layer: KerasObject) -> Sequence[Reference]:
    """The first outputs of a layer's calls."""
    if layer.is_input:
        return ()
    first = _first_index(layer, at_end=False)
    return [(layer.name, call, 0) for call in range(first, first + len(layer.nodes))]


def _first_index(layer: KerasObject, at_end: bool) -> int:
    """The index of a layer's first call.

    In Keras 3 the outputs of the model around it count a functional model's calls from 1; in
    tf.keras 2 everything does, and for a sequential model too that knows its input.
    """
    if layer.is_model and layer.nodes and is_old(layer.nodes[0]):
        return int(layer.is_functional or declares_input(layer))
    return int(layer.is_functional and at_end)
