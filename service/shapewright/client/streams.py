"""A stream of networks: cut into requests, several of them under way, results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from itertools import chain
from typing import Final, TypeVar

from shapewright.client.answers import Result
from shapewright.client.connection import Connection, Query
from shapewright.client.errors import TooLarge

T = TypeVar("T")

NDJSON: Final = "application/x-ndjson"


def batches(lines: Iterable[bytes], most_lines: int, most_bytes: int) -> Iterator[list[bytes]]:
    """The lines in lists that end as soon as they have so many lines or bytes."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) == most_lines or size >= most_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def in_order(
    call: Callable[[list[bytes]], T], stream: Iterable[list[bytes]], most: int
) -> Generator[T]:
    """What the call makes of each batch, with at most so many batches taken but not yet given.

    A result is given as soon as it is there, but never before an earlier one. An exception of a
    call is raised in its place and ends the rest.
    """
    pool = ThreadPoolExecutor(most, thread_name_prefix="shapewright-client")
    pending: deque[Future[T]] = deque()
    try:
        for batch in stream:
            pending.append(pool.submit(call, batch))
            while pending and (len(pending) == most or pending[0].done()):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def infer_lines(connection: Connection, query: Query, lines: list[bytes]) -> Iterator[Result]:
    """The results of one request, or of two halves of it if the service finds it too large.

    Raises:
        ShapewrightClientError: the request as a whole failed.
    """
    body = b"\n".join(lines)
    try:
        answer = connection.send("POST", "/v1/infer/batch", query, body, NDJSON)
    except TooLarge as problem:
        if len(lines) == 1:
            return iter((problem,))
        half = len(lines) // 2
        parts = (lines[:half], lines[half:])
        return chain.from_iterable([infer_lines(connection, query, part) for part in parts])
    return answer.results(len(lines))


def watched(
    answered: Generator[Iterator[Result]],
    watching: AbstractContextManager[Callable[[int], object]],
) -> Iterator[Result]:
    """Every single result; at the end, whoever brings it about, the rest is given up."""
    with watching as tell, closing(answered):
        for done, result in enumerate(chain.from_iterable(answered), 1):
            tell(done)
            yield result
