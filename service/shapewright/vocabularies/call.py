"""How a layer is called: which argument each incoming tensor is, and the constants beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shapewright.record import record


@record
class Slot:
    """A place in a call's arguments where a tensor goes: its position among the node's inputs."""

    index: int


@dataclass(frozen=True)
class Call:
    """The arguments of a call: trees of tuples and mappings; leaves are `Slot`s and constants."""

    positional: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    def bind(self, names: Sequence[str]) -> dict[str, Any]:
        """The arguments by name, positional ones named in order; absent ones are left out.

        Positional arguments past the last name are left out too.
        """
        return {**dict(zip(names, self.positional, strict=False)), **self.named}

    @property
    def count(self) -> int:
        """How many tensors the call is fed with."""
        return 1 + max(slots((self.positional, self.named)), default=-1)


@lru_cache(16)
def single(count: int = 1) -> Call:
    """A call on one tensor, or on one list of several."""
    if count == 1:
        return Call((Slot(0),))
    return Call((tuple(Slot(index) for index in range(count)),))


def slots(tree: Any) -> list[int]:
    """The tensor positions in a tree, from left to right."""
    if isinstance(tree, Slot):
        return [tree.index]
    if isinstance(tree, Mapping):
        return [index for value in tree.values() for index in slots(value)]
    if isinstance(tree, (tuple, list)):
        return [index for value in tree for index in slots(value)]
    return []
