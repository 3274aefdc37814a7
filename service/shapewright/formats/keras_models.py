"""What the readers of Keras models share: how they ask for layers, and keep the calls of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import Key, PendingCall, Source
from shapewright.formats.keras_objects import KerasObject
from shapewright.formats.keras_tensors import Arguments
from shapewright.formats.layer import Built
from shapewright.formats.options import Limits
from shapewright.network.network import Layer
from shapewright.vocabularies.errors import MOST_FAULTS, Fault


@dataclass(frozen=True, slots=True)
class Made:
    """The operation of a call, and what it reads in the order in which it wants it.

    `outputs` is how many tensors a model gives; of layers only the first is counted.
    """

    built: Built
    sources: tuple[Source, ...]
    outputs: int = 1

    def pending(self, key: Key, layer: KerasObject, number: int) -> PendingCall:
        """The call for the graph; its place is the layer's config."""
        return PendingCall(
            key=key,
            name=layer.name,
            layer=Layer(layer.class_name, self.built.operation, self.built.spelling),
            sources=self.sources,
            number=number,
            path=layer.config_path,
        )


class ObjectReader(Protocol):
    """Reads the layers that a model holds, which may be models themselves."""

    @property
    def limits(self) -> Limits:
        """The bounds of the document."""
        ...

    def make(self, layer: KerasObject, arguments: Arguments, depth: int) -> Made:
        """One call of a layer.

        Raises:
            InvalidDocument: the layer cannot be built, or is one too many.
        """
        ...


class Faults:
    """Faults gather here, so that all of a model are told at once; past `MOST_FAULTS` it ends."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the faults of the block and go on after it."""
        try:
            yield
        except InvalidDocument as error:
            self._found.update(dict.fromkeys(error.faults))
            if len(self._found) >= MOST_FAULTS:
                self.check()

    def check(self) -> None:
        """Raise what was found.

        Raises:
            InvalidDocument: there was a fault.
        """
        if self._found:
            raise InvalidDocument(self._found)
