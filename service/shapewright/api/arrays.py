"""A layer and its arrays in a request: a form, an `.npz` archive, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import orjson

from shapewright.api.content import FORM, JSON, NPZ
from shapewright.api.json_arrays import check_members, read_array
from shapewright.api.kinds import BAD_REQUEST, Refusal
from shapewright.formats.errors import InvalidDocument, TooLarge, Unreadable
from shapewright.formats.lone_layer import LAYER
from shapewright.numeric.blocks import Array
from shapewright.numeric.errors import ArrayTooLarge, UnreadableArray
from shapewright.numeric.npy import read_npy, read_text
from shapewright.numeric.npz import read_npz
from shapewright.running.run import PARTS
from shapewright.vocabularies.errors import Fault

ARCHIVE: Final = "arrays"
"""The part of a form that holds all of them."""

JSON_MEMBERS: Final = (LAYER, *PARTS)

FORM_PARTS: Final = (*JSON_MEMBERS, ARCHIVE)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be sent: bytes of JSON, and bytes of all arrays."""

    json_bytes: int
    array_bytes: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A layer as parsed JSON, and arrays by the names of their parts."""

    layer: Any
    arrays: Mapping[str, Array]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the arrays."""
        return {part: array.shape for part, array in self.arrays.items()}


def read_sent(media: str, parts: Mapping[str, bytes], bounds: Bounds) -> Sent:
    """What was sent in a body of this media type.

    Raises:
        Refusal: a form whose parts do not go together.
        Unreadable: the layer, or all of it, is not JSON.
        TooLarge: the JSON is too long.
        InvalidDocument: the JSON has other members.
        UnreadableArray: an array is none, or none that is accepted.
        ArrayTooLarge: the arrays take too many bytes.
    """
    sent = READERS[media](parts, bounds)
    total = sum(array.nbytes for array in sent.arrays.values())
    if total > bounds.array_bytes:
        raise ArrayTooLarge("bytes of all arrays", total, bounds.array_bytes)
    return sent


def _form(parts: Mapping[str, bytes], bounds: Bounds) -> Sent:
    if LAYER not in parts:
        raise Refusal(BAD_REQUEST, f"the form needs a part '{LAYER}'")
    layer = _parsed(parts[LAYER], bounds)
    files = {part: data for part, data in parts.items() if part != LAYER}
    if ARCHIVE not in files:
        read = partial(read_npy, limit=bounds.array_bytes)
        return Sent(layer, {part: read(data, part) for part, data in files.items()})
    if len(files) > 1:
        raise Refusal(BAD_REQUEST, f"the form has '{ARCHIVE}' or single arrays, not both")
    return Sent(layer, read_npz(files[ARCHIVE], PARTS, bounds.array_bytes))


def _archive(parts: Mapping[str, bytes], bounds: Bounds) -> Sent:
    (data,) = parts.values()
    arrays = read_npz(data, PARTS, bounds.array_bytes, texts=[LAYER])
    if LAYER not in arrays:
        raise UnreadableArray(f"the archive needs a member {LAYER}, its JSON as one text", LAYER)
    text = read_text(arrays.pop(LAYER), LAYER)
    return Sent(_parsed(text.encode(), bounds), arrays)


def _document(parts: Mapping[str, bytes], bounds: Bounds) -> Sent:
    (data,) = parts.values()
    document = _parsed(data, bounds)
    if not isinstance(document, dict):
        raise InvalidDocument([Fault((), f"needs an object of {', '.join(JSON_MEMBERS)}")])
    check_members(document, JSON_MEMBERS)
    lists = {part: value for part, value in document.items() if part != LAYER}
    return Sent(
        document.get(LAYER),
        {part: read_array(value, part, bounds.array_bytes) for part, value in lists.items()},
    )


def _parsed(text: bytes, bounds: Bounds) -> Any:
    if len(text) > bounds.json_bytes:
        raise TooLarge(f"JSON has at most {bounds.json_bytes} bytes, got {len(text)}")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"what should be JSON is not: {error}") from None


Reader: TypeAlias = Callable[[Mapping[str, bytes], Bounds], Sent]

READERS: Final[Mapping[str, Reader]] = {FORM: _form, NPZ: _archive, JSON: _document}
"""How layer and arrays are got out of each type of body."""
