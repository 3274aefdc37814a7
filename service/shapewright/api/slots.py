"""So many at once, and nobody waits: heavy work must not take the threads of light work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from shapewright.api.kinds import BUSY, Refusal

RETRY_SECONDS: Final = 1


class Slots:
    """What one worker process does at once; each process has its own."""

    def __init__(self, count: int) -> None:
        self._count = self._free = count
        self._lock = Lock()

    def check(self) -> None:
        """Insist on a slot that is free now; it may be taken before long.

        Raises:
            Refusal: all are taken.
        """
        if not self._free:
            detail = f"this worker runs at most {self._count} at once; try again soon"
            raise Refusal(BUSY, detail, headers={"Retry-After": str(RETRY_SECONDS)})

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot.

        Raises:
            Refusal: all are taken.
        """
        with self._lock:
            self.check()
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
