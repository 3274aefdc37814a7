"""How far a stream has come, told to a function or drawn on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic
from typing import Final, TypeAlias

Progress: TypeAlias = bool | Callable[[int], object]
"""Nothing, a line on stderr, or a function that gets the number of networks answered so far."""

EVERY: Final = 0.1
"""Seconds between two drawings."""


def watch(progress: Progress, total: int) -> AbstractContextManager[Callable[[int], object]]:
    """A context whose value is called after every result; 0 is a total that nobody knows."""
    if progress is True:
        return bar(total)
    return nullcontext(_silent if progress is False else progress)


def _silent(_: int) -> None:
    """Tell nobody."""


@contextmanager
def bar(total: int) -> Iterator[Callable[[int], None]]:
    """A line on stderr that is drawn again and again, and ended with the context."""
    began = drawn = monotonic()
    last = 0

    def show(done: int) -> None:
        nonlocal last, drawn
        last = done
        if monotonic() - drawn >= EVERY:
            drawn = monotonic()
            _draw(done, total, drawn - began)

    try:
        yield show
    finally:
        _draw(last, total, monotonic() - began)
        sys.stderr.write("\n")


def _draw(done: int, total: int, seconds: float) -> None:
    rate = done / seconds if seconds else 0.0
    of_all = f" of {total:,} ({done / total:.0%})" if total else ""
    sys.stderr.write(f"\r{done:,}{of_all} networks, {rate:,.0f}/s ")
    sys.stderr.flush()
