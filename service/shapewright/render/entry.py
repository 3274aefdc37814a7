"""The entry of one layer as JSON, most of it encoded once for all entries that share it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson

from shapewright.memo import Memo
from shapewright.network.fields import Fields
from shapewright.network.report import Entries, Entry
from shapewright.network.told import Told
from shapewright.record import record
from shapewright.render.receptive_field import receptive_field_dict
from shapewright.render.window import window_dict
from shapewright.render.wire import Json, encode, members

LONGEST_TEXT: Final = 4096
"""How long the pieces of an entry are at most that are remembered."""


@record
class Pieces:
    """The ends of an entry as JSON: up to its receptive field, and from there to the last brace."""

    told: Told
    before: bytes
    after: bytes


_PLACE: Final = b',{"index":%d,"name":%b,"type":%b,"inputs":[%b],'
"""How an entry begins; what follows is told of its step."""

PIECES: Final[Memo[int, Pieces]] = Memo("pieces")
"""Pieces by the `id` of what they tell, which each keeps alive."""

FIELDS: Final[Memo[tuple[int, object], tuple[Fields, bytes]]] = Memo("pieces")
"""Receptive fields of networks with one input, by their `id` and the axes that are told."""


def entries_json(entries: Entries, by_input: bool) -> bytes:
    """All that is told of layers, as a list; `by_input` tells receptive fields by input name."""
    own, quoted = entries.own, _quoted(entries.producers)
    kinds = list({layer.type for layer in entries.layers})
    types = dict(zip(kinds, _quoted(kinds), strict=False))
    pieces = PIECES.get_all(map(id, entries.told)) or list(map(_pieces, entries.told))
    fields = _fields(entries, by_input)
    rare = entries.again | entries.further_notes.keys() | entries.inside.keys()
    texts: list[bytes] = []
    columns = (entries.indices, entries.layers, entries.reads, pieces, fields)
    for place, (index, layer, reads, piece, seen) in enumerate(zip(*columns, strict=True)):
        if len(reads) == 1 and not reads[0].output:
            inputs = quoted[reads[0].producer]
        else:
            inputs = b",".join([_output(quoted[producer], number) for producer, number in reads])
        after = _rest(entries[place], by_input) if index in rare else piece.after
        begin = _PLACE % (index, quoted[own + index], types[layer.type], inputs)
        texts += (begin, piece.before, seen, after)
    texts[:1] = [b"[" + texts[0][1:] if texts else b"["]
    texts.append(b"]")
    return b"".join(texts)


def _output(name: bytes, number: int) -> bytes:
    """As `output_name`, of a name that is encoded."""
    return b'%b:%d"' % (name[:-1], number) if number else name


def _quoted(names: Sequence[str]) -> list[bytes]:
    """Each name as JSON, by one call if none of them needs escapes: then no quote is within."""
    text = orjson.dumps(names)
    if b"\\" in text:
        return list(map(orjson.dumps, names))
    return text[1:-1].replace(b'","', b'"\0"').split(b"\0")


def _rest(entry: Entry, by_input: bool) -> bytes:
    """The end of an entry that has more to tell than its step."""
    told = _after(entry) if entry.counted else {"shared": True, **_after(entry)}
    if isinstance(entry.layers, Entries) and entry.layers:
        told["layers"] = orjson.Fragment(entries_json(entry.layers, by_input))
    return _end(told)


def _end(told: Json) -> bytes:
    return b"," + encode(told)[1:]


def entry_dict(entry: Entry, by_input: bool = False) -> Json:
    """The same as an object whose unknown dimensions `encode` makes null."""
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "inputs": entry.inputs,
        **_before(entry.told),
    }
    if entry.fields.by_input:
        fields["receptive_field"] = receptive_field_dict(entry.receptive_field, by_input)
    if not entry.counted:
        fields["shared"] = True
    fields |= _after(entry)
    if entry.layers:
        fields["layers"] = [entry_dict(layer, by_input) for layer in entry.layers]
    return fields


def shapes_json(entries: Sequence[Entry], by_input: bool) -> bytes:
    """The names, types and shapes of layers and of those inside them, as a list."""
    return encode(list(map(_shapes, entries)))


def _shapes(entry: Entry) -> Json:
    fields: Json = {
        "index": entry.index,
        "name": entry.name,
        "type": entry.type,
        "input_shapes": entry.input_shapes,
        "output_shapes": entry.output_shapes,
    }
    return {**fields, "layers": list(map(_shapes, entry.layers))} if entry.layers else fields


def _pieces(told: Told) -> Pieces:
    known = PIECES.get(id(told))
    if known is None:
        known = Pieces(told, members(_before(told)), _end(_after(told)))
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


def _fields(entries: Entries, by_input: bool) -> list[bytes]:
    """The receptive fields of all entries, each with a comma before it, or nothing."""
    if by_input or not all(fields.steady for fields in set(entries.fields)):
        return [_field(entry, by_input) for entry in entries]
    places = {id(fields): place for place, fields in enumerate(entries.fields)}
    texts = {key: _steady_field(entries, place) for key, place in places.items()}
    return [texts[id(fields)] for fields in entries.fields]


def _steady_field(entries: Entries, place: int) -> bytes:
    """A receptive field that is the same whatever shape the tensor has; memory answers again."""
    fields = entries.fields[place]
    key = (id(fields), entries.sources.axes)
    known = FIELDS.get(key)
    if known is None:
        known = (fields, _field(entries[place], by_input=False))
        if fields.short:
            FIELDS.keep(key, known)
    return known[1]


def _field(entry: Entry, by_input: bool) -> bytes:
    if not entry.fields.by_input:
        return b""
    told = receptive_field_dict(entry.receptive_field, by_input)
    return b"," + members({"receptive_field": told})
