"""Worker processes count together: each in files of its own in one directory; a scrape reads all.

Left to itself the metrics library names the files after processes, so that they pile up as workers
come and go. Here they are named after seats: a worker takes the lowest one that is free, and counts
on from where the one before it stopped. The functions are hooks of gunicorn, but for `prepare`.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the library looks for the directory: once, when it is imported."""


@dataclass(slots=True)
class Process:
    """This process among the others: its seat, which is 0 for the master, and their directory."""

    seat: int = 0
    folder: Path | None = None
    owned: bool = False


HERE: Final = Process()


def prepare(parent: Path) -> None:
    """Choose the directory, in `parent` unless the library's own variable names one.

    This comes before the application, and with it the library, is loaded.
    """
    HERE.owned = VARIABLE not in os.environ
    HERE.folder = Path(os.environ.setdefault(VARIABLE, str(parent / f"shapewright-{uuid4().hex}")))
    from prometheus_client import values  # noqa: PLC0415  not before the variable is set

    values.ValueClass = values.MultiProcessValue(lambda: HERE.seat)  # type: ignore[no-untyped-call]


def when_ready(server: Any) -> None:
    """Make the directory, or empty it of what an earlier run has left there."""
    if HERE.folder is not None:
        HERE.folder.mkdir(0o700, parents=True, exist_ok=True)
        for file in HERE.folder.glob("*.db"):
            file.unlink()


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker its seat; the others sit on theirs until they have ended."""
    taken = {other.seat for other in list(server.WORKERS.values())}
    worker.seat = next(seat for seat in count(1) if seat not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Count in the worker's own files from here on."""
    HERE.seat = worker.seat


def child_exit(server: Any, worker: Any) -> None:
    """Forget what the worker held; what it counted stays."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  as above

    mark_process_dead(worker.seat)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the directory, if it was not somebody else's idea."""
    if HERE.owned and HERE.folder is not None:
        shutil.rmtree(HERE.folder, ignore_errors=True)
