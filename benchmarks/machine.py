"""The machine and what is installed on it; which core does what."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

_CORES: Final = sorted(os.sched_getaffinity(0))

WORKER_CORE: Final = _CORES[-1]
"""Where the gunicorn worker runs, and in turn with it whatever it is compared with."""

CLIENT_CORE: Final = _CORES[0]
"""Where requests come from; the same core if there is only one."""

PACKAGES: Final = (
    "shapewright",
    "flask",
    "gunicorn",
    "orjson",
    "marshmallow",
    "onnx",
    "keras",
    "torch",
)


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Keep this thread, and processes it starts, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def circumstances() -> str:
    """When, on which processor, and with which versions."""
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {version(name)}" for name in PACKAGES]
    return f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}; {', '.join(versions)}."


def _processor() -> str:
    """What the processor calls itself, and how many cores there are to use."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    return f"{', '.join(names) or platform.machine()}, {len(_CORES)} cores"


def resident_bytes(process: int) -> int:
    """The memory that a process has in RAM now."""
    pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def children(process: int) -> list[int]:
    """The processes that one has started."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(child) for child in text.split()]
