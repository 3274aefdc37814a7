"""Each request's entry: a line in the log and a count in the metrics, once it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from flask import Response, g, request

from shapewright.api import metrics
from shapewright.api.logs import LOG, request_id


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


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one request; the route is a rule, never a path."""

    request_id: str
    route: str
    method: str
    status: int
    started: float
    tally: Tally

    def close(self, size: int | None) -> None:
        """Write the line of this request, and count it; its answer has so many bytes."""
        seconds = perf_counter() - self.started
        counted = {"layers": self.tally.layers, "items": dict(self.tally.items)}
        line = {
            "request_id": self.request_id,
            "route": self.route,
            "method": self.method,
            "status": self.status,
            "ms": round(seconds * 1000, 3),
            "bytes": size,
            **{name: number for name, number in counted.items() if number},
        }
        LOG.info("request", extra={"facts": line})
        labels = (self.route, self.method, str(self.status))
        metrics.count(labels, seconds, self.tally.layers, self.tally.items)


def start() -> None:
    """Note when the request came."""
    g.started = perf_counter()
    g.tally = Tally()


def tally() -> Tally:
    """Where the view counts what it answers."""
    counted: Tally = g.tally
    return counted


def finish(response: Response) -> Response:
    """Close the entry of this request; that of a stream when the stream ends."""
    rule = request.url_rule
    entry = Entry(
        request_id=request_id(),
        route=rule.rule if rule else "unmatched",
        method=request.method,
        status=response.status_code,
        started=g.started,
        tally=tally(),
    )
    if response.is_streamed:
        response.response = _to_the_end(response.iter_encoded(), entry)
    else:
        entry.close(response.content_length)
    return response


def _to_the_end(pieces: Iterable[bytes], entry: Entry) -> Iterator[bytes]:
    """The same pieces; the entry is closed behind the last, or when the caller has gone."""
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            yield piece
    finally:
        entry.close(size)
