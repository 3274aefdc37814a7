"""A Keras sequential model to a network: each layer reads the one before it."""

from __future__ import annotations

from dataclasses import replace

from shapewright.formats.graph import PendingCall, PendingInput, Source, assemble
from shapewright.formats.keras_inputs import implied_input, read_input
from shapewright.formats.keras_models import Faults, ObjectReader
from shapewright.formats.keras_objects import KerasObject, invalid, needs, read_object
from shapewright.formats.keras_tensors import sole_argument
from shapewright.network.network import Network


def read_sequential(model: KerasObject, reader: ObjectReader, depth: int) -> Network:
    """The network of a sequential model; a layer that stands in it twice is shared.

    Raises:
        InvalidDocument: with all faults of the model.
    """
    layers = _layers(model)
    if layers[0].is_input:
        start = read_input(layers.pop(0), reader.limits)
    else:
        start = implied_input(model, layers[0], reader.limits)
    faults = Faults()
    numbered: dict[str, tuple[int, KerasObject]] = {}
    calls: list[PendingCall] = []
    last: list[Source] = [("input", 0)]
    for index, layer in enumerate(layers):
        with faults.gathered():
            number, first = numbered.setdefault(layer.name, (len(numbered), layer))
            _check_same(layer, first)
            if len(last) > 1:
                raise invalid(layer.path, f"`{layer.name}` takes one tensor, got {len(last)}")
            made = reader.make(layer, sole_argument(last[0]), depth)
            calls.append(made.pending(index, layer, number))
            last = [(index, output) for output in range(made.outputs)]
    faults.check()
    return assemble("keras", "keras_json", [PendingInput("input", start)], calls, last)


def _layers(model: KerasObject) -> list[KerasObject]:
    path = (*model.config_path, "layers")
    entries = needs(model.config.get("layers"), list, "a list of layers", path)
    if not entries:
        raise invalid(path, "needs one layer or more, got none")
    faults = Faults()
    layers = []
    for index, entry in enumerate(entries):
        with faults.gathered():
            layers.append(read_object(entry, (*path, index)))
    faults.check()
    return layers


def _check_same(layer: KerasObject, first: KerasObject) -> None:
    if replace(layer, path=first.path) != first:
        raise invalid((*layer.config_path, "name"), f"the name `{layer.name}` is taken already")
