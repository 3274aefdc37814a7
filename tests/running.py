"""The service as it runs in earnest: gunicorn on a free port of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = ("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "shapewright.wsgi:app")


@dataclass
class Service:
    """A running service; `log` is its output after it began to listen."""

    url: str
    process: subprocess.Popen[str]
    log: str = ""


@contextmanager
def running_service(**environ: str) -> Iterator[Service]:
    """Start gunicorn, wait until it listens, and stop it at the end as an orchestrator would."""
    process = subprocess.Popen(
        [sys.executable, *COMMAND],
        cwd=ROOT,
        env={**os.environ, "SHAPEWRIGHT_BIND": "127.0.0.1:0", **environ},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            service = Service(_address(process), process)
            yield service
        finally:
            process.terminate()
            rest, _ = process.communicate(timeout=30)
        service.log = rest


def _address(process: subprocess.Popen[str]) -> str:
    """Where the service says that it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        event: str = json.loads(line)["event"]
        if event.startswith("Shapewright listens on"):
            return event.rsplit(maxsplit=1)[-1]
    raise AssertionError("gunicorn ended before it listened")
