"""What layers of Keras models say by themselves, remembered by their texts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from shapewright.formats.keras_objects import KerasObject, needs, read_object
from shapewright.formats.texts import Texts, parsed, text_of
from shapewright.memo import Memo
from shapewright.network.network import Input, Layer

LONGEST_TEXT: Final = 4096
"""How long the text of a layer is at most that is remembered."""

Reference: TypeAlias = tuple[str, int, int]
"""A tensor as Keras names it: the layer, the number of its call, and that of the output."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A layer without faults that holds no model.

    `calls` are what is called and what it reads, none for an `input`, and `own` their first
    outputs; `count` is how many layers they come to, with those inside.
    """

    name: str
    input: Input | None = None
    calls: tuple[tuple[Layer, tuple[Reference, ...]], ...] = ()
    own: tuple[Reference, ...] = ()
    count: int = 0


READINGS: Final[Memo[tuple[Hashable, bytes | None], Reading]] = Memo("texts")
"""Layers by their texts, and by all else that their readings depend on."""


@lru_cache(256)
def circumstances(*what: Hashable) -> Hashable:
    """All of it as one object, whose hash costs nothing."""
    return object()


class Entries:
    """The layers that a model lists; those that are `known` need not be parsed.

    Lists of more than `most` are not looked up.
    """

    def __init__(self, model: KerasObject, around: Hashable, most: int) -> None:
        self.path = (*model.config_path, "layers")
        entries = needs(model.config.get("layers"), list, "a list of layers", self.path)
        self._keys = [(around, text) for text in _texts(entries, most)]
        self.known: Sequence[Reading | None] = READINGS.get_all(self._keys) or [
            READINGS.get(key) for key in self._keys
        ]
        self._entries = [
            parsed(entry) if known is None and isinstance(entry, bytes) else entry
            for entry, known in zip(entries, self.known, strict=True)
        ]

    def read(self, index: int) -> KerasObject:
        """One layer as an object.

        Raises:
            InvalidDocument: it is none.
        """
        entry: Any = self._entries[index]
        value = parsed(entry) if isinstance(entry, bytes) else entry
        return read_object(value, (*self.path, index))

    def keep(self, index: int, reading: Reading) -> None:
        """Remember a layer, if its text is short."""
        key = self._keys[index]
        if key[1] is not None and len(key[1]) <= LONGEST_TEXT:
            READINGS.keep(key, reading)

    def alike(self, one: int, other: int) -> bool:
        """Whether two layers have the same text."""
        return self._keys[one][1] is not None and self._keys[one] == self._keys[other]


def _texts(entries: list[Any], most: int) -> Sequence[bytes | None]:
    """The texts of layers, if there are not too many."""
    if len(entries) > most:
        return [None] * len(entries)
    return entries if isinstance(entries, Texts) else list(map(text_of, entries))
