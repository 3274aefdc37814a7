"""A request, with what is noted of it until it is answered."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from random import getrandbits
from time import perf_counter
from typing import Any, Final, cast

import flask
from werkzeug.local import LocalProxy

REQUEST_ID: Final = "X-Request-ID"
SANE_ID: Final = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")


@dataclass(slots=True)
class Tally:
    """What a request was answered with; a stream goes on counting until it ends."""

    layers: int = 0
    items: Counter[str] = field(default_factory=Counter)
    """The networks of a batch, by what became of them: "report", or the code of a problem."""

    def add(self, layers: int, item: str | None = None) -> None:
        """Count one report, or one item of a batch."""
        self.layers += layers
        if item is not None:
            self.items[item] += 1


class Request(flask.Request):
    """A request whose files stay in memory: bodies are bounded, and the disk may be read-only."""

    def __init__(self, environ: dict[str, Any], *more: Any, **options: Any) -> None:
        super().__init__(environ, *more, **options)
        self.started = perf_counter()
        self.tally = Tally()
        self.detail = "full"
        """How much a report tells, should the answer be a problem with one in it."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        self.id: str = given if SANE_ID.fullmatch(given) else f"{getrandbits(128):032x}"
        """The caller's id if it looks sane, else one made up."""

    def _get_file_stream(self, *_: object, **__: object) -> BytesIO:
        return BytesIO()


def current() -> Request:
    """The request that is being answered, itself: each look through a proxy takes its time."""
    return cast("LocalProxy[Request]", flask.request)._get_current_object()
