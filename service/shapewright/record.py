"""Dataclasses that nobody changes once they are made.

That is seen to by the type checker alone: `frozen=True` would guard it at run time too, but then
each field takes several times as long to set, and a layer has many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[C]) -> type[C]:
    """What is the same wherever its fields are equal."""
    return dataclass(slots=True, unsafe_hash=True)(kind)


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def entity(kind: type[C]) -> type[C]:
    """What is the same as itself alone, and never compared field by field."""
    return dataclass(slots=True, eq=False)(kind)
