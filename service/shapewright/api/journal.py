"""Each request's entry: a line in the log and a count in the metrics, once it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any

from shapewright.api import metrics
from shapewright.api.logs import tell
from shapewright.api.request import Request
from shapewright.api.response import Response


def finish(request: Request, response: Response) -> None:
    """Close the entry of this request; that of a stream when the stream ends."""
    if response.is_streamed:
        pieces = response.iter_encoded()
        response.response = _to_the_end(pieces, request, response.status_code)
    else:
        close(request, response.status_code, response.content_length)


def close(request: Request, status: int, size: int | None) -> None:
    """Write the line of a request, and count it; its answer has so many bytes."""
    seconds = perf_counter() - request.started
    rule, tally = request.url_rule, request.tally
    route = rule.rule if rule else "unmatched"  # never a path, of which there is no end
    line: dict[str, Any] = {
        "request_id": request.id,
        "route": route,
        "method": request.method,
        "status": status,
        "ms": round(seconds * 1000, 3),
        "bytes": size,
    }
    if tally.layers:
        line["layers"] = tally.layers
    if tally.items:
        line["items"] = dict(tally.items)
    tell("request", line)
    metrics.count((route, request.method, str(status)), seconds, tally.layers, tally.items)


def _to_the_end(pieces: Iterable[bytes], request: Request, status: int) -> Iterator[bytes]:
    """The same pieces; the entry is closed behind the last, or when the caller has gone."""
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            yield piece
    finally:
        close(request, status, size)
