"""The entry of one layer as JSON, most of it encoded once for all entries that share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from shapewright.memo import Memo
from shapewright.network.fields import Fields
from shapewright.network.report import Entry
from shapewright.network.told import Told
from shapewright.render.receptive_field import receptive_field_dict
from shapewright.render.window import window_dict
from shapewright.render.wire import Json, encode, members

LONGEST_TEXT: Final = 4096
"""How long the pieces of an entry are at most that are remembered."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is told of a step as members of JSON objects: before and after its receptive field."""

    told: Told
    before: bytes
    after: bytes


PIECES: Final[Memo[int, Pieces]] = Memo("pieces")
"""Pieces by the `id` of what they tell, which each keeps alive."""

FIELDS: Final[Memo[tuple[int, object], tuple[Fields, bytes]]] = Memo("pieces")
"""Receptive fields of networks with one input, by their `id` and the axes that are told."""


def entry_json(entry: Entry, by_input: bool) -> bytes:
    """All that is told of a layer; `by_input` tells receptive fields by input name."""
    pieces = _pieces(entry.told)
    texts = [orjson.dumps(_place(entry))[:-1], pieces.before]
    if entry.fields.by_input:
        texts.append(_field(entry, by_input))
    if not entry.counted:
        texts.append(members({"shared": True}))
    texts.append(members(_after(entry)) if entry.further_notes else pieces.after)
    if entry.layers:
        inner = [orjson.Fragment(entry_json(layer, by_input)) for layer in entry.layers]
        texts.append(members({"layers": inner}))
    return b",".join(texts) + b"}"


def entry_dict(entry: Entry, by_input: bool = False) -> Json:
    """The same as an object whose unknown dimensions `encode` makes null."""
    fields = {**_place(entry), **_before(entry.told)}
    if entry.fields.by_input:
        fields["receptive_field"] = receptive_field_dict(entry.receptive_field, by_input)
    if not entry.counted:
        fields["shared"] = True
    fields |= _after(entry)
    if entry.layers:
        fields["layers"] = [entry_dict(layer, by_input) for layer in entry.layers]
    return fields


def shapes_json(entry: Entry, by_input: bool) -> bytes:
    """The names, types and shapes of a layer and of those inside it."""
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "input_shapes": entry.input_shapes,
        "output_shapes": entry.output_shapes,
    }
    if entry.layers:
        fields["layers"] = [orjson.Fragment(shapes_json(inner, by_input)) for inner in entry.layers]
    return encode(fields)


def _place(entry: Entry) -> Json:
    return {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "inputs": entry.inputs,
    }


def _pieces(told: Told) -> Pieces:
    known = PIECES.get(id(told))
    if known is None:
        known = Pieces(told, members(_before(told)), members(_after(told)))
        if told.small and len(known.before) + len(known.after) <= LONGEST_TEXT:
            PIECES.keep(id(told), known)
    return known


def _before(told: Told) -> Json:
    step, window = told.step, told.step.outcome.window
    fields: Json = {
        "input_shapes": step.fed,
        "output_shapes": step.outputs,
        "params": step.params,
        "trainable_params": step.trainable_params,
        "weights": {weight.name: weight.shape for weight in step.outcome.weights},
        "macs": step.macs,
    }
    if window is not None and told.visibility is not None:
        fields["macs_on_data"] = told.visibility.macs
        fields["window"] = window_dict(window, told.visibility)
    return fields


def _after(said: Told | Entry) -> Json:
    return {"explanation": said.explanation, "notes": said.notes}


def _field(entry: Entry, by_input: bool) -> bytes:
    fields, axes = entry.fields, entry.sources.axes
    if by_input or not fields.steady:
        return _field_text(entry, by_input)
    known = FIELDS.get((id(fields), axes))
    if known is None:
        known = (fields, _field_text(entry, by_input))
        if fields.short:
            FIELDS.keep((id(fields), axes), known)
    return known[1]


def _field_text(entry: Entry, by_input: bool) -> bytes:
    return members({"receptive_field": receptive_field_dict(entry.receptive_field, by_input)})
