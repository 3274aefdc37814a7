"""A Keras sequential model to a network: each layer reads the one before it."""

from __future__ import annotations

from dataclasses import replace

from shapewright.formats.graph import Row, assemble
from shapewright.formats.keras_inputs import implied_input, read_input
from shapewright.formats.keras_models import Around, Faults, Made, ObjectReader
from shapewright.formats.keras_objects import KerasObject, invalid
from shapewright.formats.keras_readings import Reading
from shapewright.formats.keras_tensors import sole_argument
from shapewright.network.network import Input, Network, Ref


def read_sequential(model: KerasObject, reader: ObjectReader, around: Around) -> Network:
    """The network of a sequential model; a layer that stands in it twice is shared.

    Raises:
        InvalidDocument: with all faults of the model.
    """
    return _SequentialReader(model, reader, around).read()


class _SequentialReader:
    """One pass over a sequential model; `names` are those of its layers, in order."""

    def __init__(self, model: KerasObject, reader: ObjectReader, around: Around) -> None:
        self.model = model
        self.reader = reader
        self.around = around
        self.faults = Faults()
        self.entries = reader.entries(model, around, "sequential")
        self.names: list[str] = []

    def read(self) -> Network:
        if not self.entries.known:
            raise invalid(self.entries.path, "needs one layer or more, got none")
        self._read_names()
        start, begin = self._start()
        first: dict[str, tuple[int, int]] = {}
        calls: list[Row] = []
        last: tuple[Ref, ...] = (Ref(0),)
        for index, name in enumerate(self.names[begin:], begin):
            with self.faults:
                number, like = first.setdefault(name, (len(first), index))
                self._check_same(index, like)
                made = self._made(index, last)
                place = (*self.entries.path, index, "config")
                calls.append((made.layer, made.reads, name, number, place))
                last = tuple([Ref(len(calls), output) for output in range(made.outputs)])
        self.faults.check()
        return assemble("keras", "keras_json", [start], calls, last)

    def _read_names(self) -> None:
        for index, known in enumerate(self.entries.known):
            with self.faults:
                self.names.append(known.name if known else self.entries.read(index).name)
        self.faults.check()

    def _start(self) -> tuple[Input, int]:
        """What the first layer reads, and the number of that layer."""
        known = self.entries.known[0]
        if known and known.input:
            return known.input, 1
        first = self.entries.read(0)
        if not first.is_input:
            return implied_input(self.model, first, self.reader.limits), 0
        given = read_input(first, self.reader.limits)
        self.entries.keep(0, Reading(first.name, given))
        return given, 1

    def _check_same(self, index: int, like: int) -> None:
        """Insist that layers of the same name are the same."""
        if index == like or self.entries.alike(index, like):
            return
        layer, first = self.entries.read(index), self.entries.read(like)
        if replace(layer, path=first.path) != first:
            detail = f"the name `{layer.name}` is taken already"
            raise invalid((*layer.config_path, "name"), detail)

    def _made(self, index: int, last: tuple[Ref, ...]) -> Made:
        known = self.entries.known[index]
        if known and known.calls and len(last) == 1 and self.reader.has_room(known.count):
            return Made(known.calls[0][0], last)
        layer = self.entries.read(index)
        if len(last) > 1:
            raise invalid(layer.path, f"`{layer.name}` takes one tensor, got {len(last)}")
        made = self.reader.make(layer, sole_argument(last[0]), self.around)
        if made.count and not layer.is_input:
            calls = ((made.layer, ()),)
            self.entries.keep(index, Reading(layer.name, calls=calls, count=made.count))
        return made
