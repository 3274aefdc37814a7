"""The service as it runs in earnest: gunicorn on a free port of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = ("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "shapewright.wsgi:app")


@dataclass
class Service:
    """A running service; `log` is all it said, once it has ended."""

    url: str
    process: subprocess.Popen[bytes]
    log: str = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.splitlines()]


@contextmanager
def running_service(**environ: str) -> Iterator[Service]:
    """Start gunicorn, wait until it listens, and stop it at the end as an orchestrator would."""
    with TemporaryDirectory() as folder, Path(folder, "log").open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, *COMMAND],
            cwd=ROOT,
            env={**os.environ, "SHAPEWRIGHT_BIND": "127.0.0.1:0", **environ},
            stdout=log,
        )
        with process:
            service = Service("", process)
            try:
                service.url = _address(process, Path(log.name))
                yield service
            finally:
                process.terminate()
                process.wait(timeout=30)
                service.log = Path(log.name).read_text("utf-8")


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the service says that it listens."""
    while process.poll() is None:
        for line in log.read_text("utf-8").splitlines():
            if "Shapewright listens on" in line:
                return str(json.loads(line)["event"].split()[-1])
        time.sleep(0.1)
    raise AssertionError("gunicorn ended before it listened")
