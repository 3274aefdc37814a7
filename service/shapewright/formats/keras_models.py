"""What the readers of Keras models share: how they ask for layers, and keep the faults of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_objects import KerasObject
from shapewright.formats.keras_readings import Entries
from shapewright.formats.keras_tensors import Arguments
from shapewright.formats.options import Limits
from shapewright.network.network import Layer, Ref
from shapewright.vocabularies.errors import MOST_FAULTS, Fault


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a layer: so many models, one of which may be frozen."""

    depth: int
    frozen: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The layer of a call, and what it reads in the order in which it wants it.

    `outputs` is how many tensors a model gives; of layers only the first is counted. `count` is how
    many layers there are with those inside, 0 where a model among them ties it to its place.
    """

    layer: Layer
    reads: tuple[Ref, ...]
    outputs: int = 1
    count: int = 0


class ObjectReader(Protocol):
    """Reads the layers that a model holds, which may be models themselves."""

    @property
    def limits(self) -> Limits:
        """The bounds of the document."""
        ...

    def entries(self, model: KerasObject, around: Around, form: str) -> Entries:
        """The layers that a model of this form lists."""
        ...

    def has_room(self, layers: int) -> bool:
        """Count more layers, if they are not too many."""
        ...

    def make(self, layer: KerasObject, arguments: Arguments, around: Around) -> Made:
        """One call of a layer.

        Raises:
            InvalidDocument: the layer cannot be built, or is one too many.
        """
        ...


class Faults:
    """A context that keeps the faults of its block and goes on after it.

    So all faults of a model are told at once; past `MOST_FAULTS` it ends.
    """

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, InvalidDocument):
            return False
        self._found.update(dict.fromkeys(error.faults))
        if len(self._found) >= MOST_FAULTS:
            self.check()
        return True

    def check(self) -> None:
        """Raise what was found.

        Raises:
            InvalidDocument: there was a fault.
        """
        if self._found:
            raise InvalidDocument(self._found)
