"""gunicorn with one worker on one core, and connections to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Final

from benchmarks.machine import WORKER_CORE, children, on_core, resident_bytes

HOST: Final = "127.0.0.1"
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"

SERVICE: Final = "shapewright.wsgi:app"
FLOOR: Final = "benchmarks.floor:app"


class Server:
    """A server that listens."""

    def __init__(self, port: int, process: int) -> None:
        self.url = f"http://{HOST}:{port}"
        self._port = port
        self._process = process

    def connect(self) -> Connection:
        """A connection that is kept."""
        return Connection(self._port)

    def resident_bytes(self) -> int:
        """The memory of the worker."""
        return sum(map(resident_bytes, children(self._process)))


class Connection:
    """One connection with keep-alive."""

    def __init__(self, port: int) -> None:
        self._http = HTTPConnection(HOST, port, timeout=120)

    def post(self, path: str, body: bytes, media_type: str = JSON) -> bytes:
        """The answer, read to its end.

        Raises:
            RuntimeError: it is not what was asked for.
        """
        self._http.request("POST", path, body, {"Content-Type": media_type})
        response = self._http.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {content[:1000]!r}")
        return content

    def wait(self) -> None:
        """Return when there is an answer, whatever it is."""
        self._http.request("GET", "/")
        self._http.getresponse().read()

    def close(self) -> None:
        """Close it."""
        self._http.close()


@contextmanager
def serving(application: str = SERVICE) -> Iterator[Server]:
    """The application in the configuration that it has in earnest, with one worker.

    It inherits a socket that listens already, so that a first request can wait until it is up.
    """
    with socket.create_server((HOST, 0)) as listener, on_core(WORKER_CORE):
        bind = f"fd://{listener.fileno()}"
        configuration = ("-c", "python:shapewright.api.serving", "--bind", bind, "--workers", "1")
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *configuration, application],
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        server = Server(listener.getsockname()[1], process.pid)
    try:
        with closing(server.connect()) as connection:
            connection.wait()
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
