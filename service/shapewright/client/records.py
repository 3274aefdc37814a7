"""JSON objects as frozen records: members become attributes, and the object stays at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Self, TypeAlias, TypeVar

Json: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[Any], Any]

R = TypeVar("R", bound="Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object of the service's JSON; `raw` is the whole of it, with what has no attribute yet."""

    raw: Json = field(repr=False, compare=False)

    @classmethod
    def read(cls, raw: Json) -> Self:
        """The record of a JSON object; members without an attribute are passed over.

        Raises:
            TypeError: a member that is always there is missing, or is of another type.
        """
        members = _members(cls)  # type: ignore[arg-type]  # a class can be hashed
        told = {name: read(raw[name]) for name, read in members.items() if name in raw}
        return cls(raw=raw, **told)


@cache
def _members(record: type[Record]) -> Mapping[str, Read]:
    members = (item for item in fields(record) if item.name != "raw")
    return {item.name: item.metadata.get("read", _itself) for item in members}


def _itself(value: Any) -> Any:
    return value


def by(read: Read) -> Mapping[str, Read]:
    """The metadata of a field whose member `read` turns into its value; null stays `None`."""
    return {"read": lambda value: None if value is None else read(value)}


def several(record: type[Record]) -> Mapping[str, Read]:
    """The metadata of a field whose member is a list of records."""
    return by(lambda values: tuple(map(record.read, values)))
