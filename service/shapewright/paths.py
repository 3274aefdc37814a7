"""Where something stands in a document."""

from __future__ import annotations

from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value in a JSON document, from the top."""


def pointer(path: Path) -> str:
    """A path as a JSON pointer (RFC 6901); the empty path is the whole document."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
