"""Metrics for Prometheus: what was asked, how it ended, how long it took, what memory knew.

Labels have few values: routes are rules, never paths, and a method that HTTP does not know is
"other". Several worker processes count together as `seats.py` says; a single one by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPMethod
from threading import Lock
from time import monotonic
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from shapewright import memo
from shapewright.api.logs import LOG
from shapewright.api.seats import HERE
from shapewright.memo import Figures

REGISTRY: Final = CollectorRegistry()
"""Of its own, since an application that uses the engine in-process may have metrics too."""

BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS: Final = Counter(
    "shapewright_requests",
    "Requests that were answered.",
    ("route", "method", "status"),
    registry=REGISTRY,
)
SECONDS: Final = Histogram(
    "shapewright_request_duration_seconds",
    "From the head of a request to the end of its answer.",
    ("route", "method"),
    buckets=BUCKETS,
    registry=REGISTRY,
)
LAYERS: Final = Counter(
    "shapewright_layers", "Layers in the reports that were given.", ("route",), registry=REGISTRY
)
ITEMS: Final = Counter(
    "shapewright_batch_items",
    "Networks in batches, by what became of them: report, or the code of a problem.",
    ("outcome",),
    registry=REGISTRY,
)
HITS: Final = Counter(
    "shapewright_memory_hits", "Answers that memory knew.", ("memory",), registry=REGISTRY
)
MISSES: Final = Counter(
    "shapewright_memory_misses", "Answers that had to be found.", ("memory",), registry=REGISTRY
)
ENTRIES: Final = Gauge(
    "shapewright_memory_entries",
    "Answers that memory holds, in all processes.",
    ("memory",),
    registry=REGISTRY,
    multiprocess_mode="livesum",
)

METHODS: Final = frozenset(HTTPMethod)


def count(
    labels: tuple[str, str, str], seconds: float, layers: int, items: Mapping[str, int]
) -> None:
    """Count one request: its route, method and status. What fails here disturbs no request."""
    try:
        requests, durations = _counters(*labels)
        requests.inc()
        durations.observe(seconds)
        if layers:
            _layers(labels[0]).inc(layers)
        for outcome, number in items.items():
            ITEMS.labels(outcome).inc(number)
        MEMORY.look()
    except Exception as error:  # an answer is worth more than its count
        _complain(repr(error))


@lru_cache(maxsize=1024)
def _counters(route: str, method: str, status: str) -> tuple[Counter, Histogram]:
    """What counts the requests with these labels; to look it up takes longer than to count."""
    method = method if method in METHODS else "other"
    return REQUESTS.labels(route, method, status), SECONDS.labels(route, method)


@lru_cache(maxsize=64)
def _layers(route: str) -> Counter:
    """What counts the layers of this route, once there are some."""
    return LAYERS.labels(route)


def exposition() -> bytes:
    """All metrics as text: of all worker processes or, where there are no others, of this one."""
    try:
        MEMORY.count()
    except Exception as error:  # the rest can be told
        _complain(repr(error))
    if HERE.folder is None:
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    try:
        MultiProcessCollector(shared, str(HERE.folder))  # type: ignore[no-untyped-call]
    except ValueError as error:
        _complain(f"only those of one process are told: {error}")
        return generate_latest(REGISTRY)
    return generate_latest(shared)


class Memory:
    """Counts what the memos did since it last looked."""

    PAUSE: Final = 0.1
    """Seconds between two looks; what comes within them is counted with a later request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: Mapping[str, Figures] = {}
        self._due = 0.0

    def begin(self) -> None:
        """Count from here on."""
        self._seen = memo.figures()

    def look(self) -> None:
        """Count, if it is time to."""
        if monotonic() >= self._due:
            self.count()

    def count(self) -> None:
        """Add what is new."""
        with self._lock:
            self._due = monotonic() + self.PAUSE
            seen, self._seen = self._seen, memo.figures()
            for name, now in self._seen.items():
                before = seen.get(name, NOTHING)
                HITS.labels(name).inc(now.hits - before.hits)
                MISSES.labels(name).inc(now.misses - before.misses)
                ENTRIES.labels(name).set(now.entries)


NOTHING: Final = Figures(0, 0, 0)
MEMORY: Final = Memory()


@lru_cache(maxsize=8)
def _complain(reason: str) -> None:
    """Say it, but not for every request."""
    LOG.warning("metrics are incomplete: %s", reason)
