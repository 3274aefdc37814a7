"""Memory for the buffers of runs: one piece for each thread, so that it stays in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any, Final

import numpy as np

from shapewright.numeric.blocks import Array

WORKSPACE: Final = 8 << 20
"""Bytes that a run may take beside its output, whatever the sizes."""

KEPT: Final = 7 << 20
"""Those that a thread keeps from run to run; the rest is for small arrays in between."""

LINE: Final = 64
"""Bytes of a line of the cache; buffers begin with one."""


class _Memory(local):
    """Made anew in each thread that asks for it."""

    def __init__(self) -> None:
        memory = np.empty(KEPT + LINE, np.uint8)
        start = -memory.ctypes.data % LINE
        self.bytes = memory[start : start + KEPT]
        self.taken = 0

    def take(self, size: int) -> Array:
        """So many bytes, behind all that are taken; new ones where they do not suffice."""
        start, self.taken = self.taken, self.taken + -(-size // LINE) * LINE
        taken = self.bytes[start : start + size]
        return taken if len(taken) == size else np.empty(size, np.uint8)


_MEMORY: Final = _Memory()


@contextmanager
def buffers(dtype: np.dtype[Any], *cells: int) -> Iterator[list[Array]]:
    """Arrays of so many numbers each, with any content; they last as long as the context."""
    start = _MEMORY.taken
    try:
        yield [_MEMORY.take(count * dtype.itemsize).view(dtype) for count in cells]
    finally:
        _MEMORY.taken = start
