"""How gunicorn serves the application: a configuration module of gunicorn.

`gunicorn -c python:shapewright.api.serving shapewright.wsgi:app`; `workers` is left to
`WEB_CONCURRENCY`, which gunicorn reads by itself.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir
from typing import Any

from shapewright.api import logs, seats
from shapewright.api.settings import from_process

_settings = from_process()
_memory = Path("/dev/shm")
_memory = _memory if _memory.is_dir() else Path(gettempdir())

bind = _settings.bind
raw_env = ["OPENBLAS_NUM_THREADS=1"]  # one call takes one core, however large its arrays are
worker_class = "gthread"
threads = _settings.threads
preload_app = True
timeout = graceful_timeout = _settings.timeout_seconds
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
control_socket_disable = True
logconfig_dict = logs.config(_settings)
worker_tmp_dir = str(_memory)

seats.prepare(_memory)
pre_fork = seats.pre_fork
post_fork = seats.post_fork
child_exit = seats.child_exit
on_exit = seats.on_exit


def pre_request(worker: Any, request: Any) -> None:
    """Let nobody hold a thread by sending a body, or taking an answer, too slowly."""
    request.unreader.sock.settimeout(timeout)


def when_ready(server: Any) -> None:
    """Make room for the counts, and say where the service listens."""
    seats.when_ready(server)
    addresses = ", ".join(map(str, server.LISTENERS))
    logs.LOG.info("Shapewright listens on %s", addresses)
