"""A long stream through `infer_many`, and the memory of client and worker on the way.

`python -m benchmarks.endless 1000000` takes a million candidates.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain, islice
from time import perf_counter
from typing import Final, NamedTuple

from benchmarks.layers import Document
from benchmarks.machine import CLIENT_CORE, on_core, resident_bytes
from benchmarks.report import Row, at_most, comparison, section, table
from benchmarks.search_spaces import SPACES, candidates
from benchmarks.server import Server, serving
from shapewright.client import Client

CANDIDATES: Final = 100_000
SAMPLES: Final = 10

GOAL: Final = at_most(1.1)

TEXT: Final = (
    "Candidates of both search spaces, drawn while the stream runs. What the worker remembers has"
    " a bound, and fills up to it at first."
)


class Sample(NamedTuple):
    """Memory after so many candidates, and the time since the start."""

    candidates: int
    seconds: float
    client: int
    worker: int

    def cells(self) -> tuple[str, ...]:
        rate = f"{self.candidates / self.seconds:,.0f}"
        return f"{self.candidates:,}", rate, _mebibytes(self.client), _mebibytes(self.worker)


def main() -> None:
    """Print samples of memory, and how much it grew."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else CANDIDATES
    with serving() as server, on_core(CLIENT_CORE):
        samples = list(follow(server, most))
    head = ("candidates", "a second", "client", "worker")
    print(section("Endless streams", TEXT, table(head, [sample.cells() for sample in samples])))
    early, last = samples[len(samples) // 5], samples[-1]
    rows = [
        _row("client", last.client, early.client),
        _row("worker", last.worker, early.worker),
    ]
    text = f"The same from {early.candidates:,} to {last.candidates:,} candidates."
    print(comparison("Growth", text, "at the end", "early", rows))


def _row(case: str, last: int, early: int) -> Row:
    return Row(case, _mebibytes(last), _mebibytes(early), last / early, GOAL)


def follow(server: Server, most: int) -> Iterator[Sample]:
    """Samples at regular numbers of results."""
    start = perf_counter()
    results = Client(server.url).infer_many(islice(stream(), most))
    for number, _ in enumerate(results, 1):
        if number % (most // SAMPLES) == 0:
            yield Sample(
                number,
                perf_counter() - start,
                resident_bytes(os.getpid()),
                server.resident_bytes(),
            )


def stream() -> Iterator[Document]:
    """Candidates of the search spaces in turn."""
    streams = (candidates(space, 2) for space in SPACES)
    drawn = chain.from_iterable(zip(*streams, strict=True))
    return (candidate.document for candidate in drawn)


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


if __name__ == "__main__":
    main()
