"""What can be wrong with a description, all faults at once, each with its path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from shapewright.arithmetic.errors import ShapewrightError
from shapewright.paths import Path
from shapewright.record import record

MOST_FAULTS: Final = 100
"""Reading stops soon after so many: none mends more at once, and each costs a search for hints."""


@record
class Fault:
    """One thing that is wrong, at a path below the value that was read."""

    path: Path
    detail: str

    def below(self, *prefix: str | int) -> Fault:
        """The same fault, seen from further up."""
        return Fault((*prefix, *self.path), self.detail)


class InvalidParameters(ShapewrightError):
    """A layer's parameters do not make a layer; `faults` has one entry or more."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.detail for fault in self.faults))


def faults_of(messages: Any, path: Path = ()) -> list[Fault]:
    """Flatten marshmallow's nested messages; its `_schema` key stands for the value itself."""
    if isinstance(messages, dict):
        return [
            fault
            for key, inner in messages.items()
            for fault in faults_of(inner, path if key == "_schema" else (*path, key))
        ]
    if isinstance(messages, list):
        return [fault for inner in messages for fault in faults_of(inner, path)]
    return [Fault(path, str(messages))]
