"""Many networks: in order, a bounded number ahead, and no invalid one in the way."""

from __future__ import annotations

import gc
import json
import threading
import time
import tracemalloc
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import pytest
import requests

from shapewright.client import (
    Client,
    ConnectionFailed,
    InvalidNetwork,
    Problem,
    Report,
    ServiceFailed,
    TooLarge,
    UnexpectedAnswer,
    streams,
)
from shapewright.client.streams import batches, in_order
from tests.client.fakes import (
    REPORT,
    URL,
    FakeTransport,
    client_of,
    each_line,
    networks,
    problem,
    report_of,
    says,
)


def stacks() -> Iterator[dict[str, Any]]:
    """Candidates without an end, numbered."""
    return ({"id": number, "layers": []} for number in count())


def ids(results: Iterator[Report | Problem]) -> list[Any]:
    return [result.id for result in results]


reports = each_line(report_of)


def test_each_network_has_its_result_in_order() -> None:
    client, transport = client_of(reports)
    assert ids(client.infer_many(islice(stacks(), 1234))) == list(range(1234))
    assert [len(networks(request)) for request in transport.requests].count(100) == 12


def test_a_request_is_lines_of_json() -> None:
    client, transport = client_of(reports)
    list(client.infer_many([{"id": 1}, '{"id":\n2}', b'{"id": 3}'], unknown_layers="identity"))
    (sent,) = transport.requests
    assert sent.url == f"{URL}/v1/infer/batch?unknown_layers=identity"
    assert sent.headers["Content-Type"] == "application/x-ndjson"
    assert sent.body == b'{"id":1}\n{"id": 2}\n{"id": 3}'


def test_no_networks_are_no_requests() -> None:
    client, transport = client_of(reports)
    assert list(client.infer_many([])) == []
    assert transport.requests == []


def test_nothing_is_taken_before_a_result_is_wanted() -> None:
    client, transport = client_of(reports)
    client.infer_many(pytest.fail("taken") for _ in (1,))
    assert transport.requests == []


def test_an_invalid_network_stops_nothing() -> None:
    def answer(network: Any) -> dict[str, Any]:
        bad = network["id"] % 2
        return problem(422, "invalid_document", id=network["id"]) if bad else report_of(network)

    client, _ = client_of(each_line(answer))
    results = list(client.infer_many(islice(stacks(), 10), batch_size=3))
    assert ids(iter(results)) == list(range(10))
    assert [type(result) for result in results] == [Report, InvalidNetwork] * 5


@pytest.mark.parametrize(("batch_size", "in_flight"), [(1, 1), (7, 1), (1, 5), (7, 5)])
def test_an_endless_stream_is_taken_a_bounded_number_ahead(batch_size: int, in_flight: int) -> None:
    candidates = Candidates()
    client, _ = client_of(reports)
    results = client.infer_many(candidates, batch_size=batch_size, in_flight=in_flight)
    for given, result in enumerate(islice(results, 100)):
        assert result.id == given
        assert candidates.taken - given <= batch_size * in_flight


def test_a_long_stream_needs_no_more_memory_than_a_short_one() -> None:
    client = Client(URL, transport=Forgetful())
    results = client.infer_many(stacks())
    for _ in islice(results, 1_000):
        pass
    gc.collect()
    tracemalloc.start()
    try:
        for _ in islice(results, 3_000):
            pass
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000, "3,000 reports take several times as much"


class Forgetful(FakeTransport):
    """Answers without remembering."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        return reports(request)


def test_several_requests_are_under_way_and_no_more() -> None:
    """Each request waits until there are as many as there may be."""
    together = threading.Barrier(3, timeout=30)
    lock = threading.Lock()
    now = most = 0

    def reply(request: requests.PreparedRequest) -> requests.Response:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait()
        with lock:
            now -= 1
        return reports(request)

    client, _ = client_of(reply)
    assert ids(client.infer_many(islice(stacks(), 12), batch_size=2, in_flight=3)) == [*range(12)]
    assert most == 3


def test_a_fast_answer_does_not_overtake_a_slow_one() -> None:
    second_is_done = threading.Event()

    def reply(request: requests.PreparedRequest) -> requests.Response:
        if networks(request)[0]["id"] == 0:
            assert second_is_done.wait(30)
        else:
            second_is_done.set()
        return reports(request)

    client, _ = client_of(reply)
    assert ids(client.infer_many(islice(stacks(), 4), batch_size=2)) == [0, 1, 2, 3]


def test_a_result_is_given_while_the_source_is_slow() -> None:
    taken = 0

    def slow() -> Iterator[list[bytes]]:
        nonlocal taken
        for taken in range(1, 10_000):
            yield [b"%d" % taken]
            time.sleep(0.001)

    results = in_order(lambda lines: lines[0], slow(), 10_000)
    assert next(results) == b"1"
    assert taken < 9_999
    results.close()


class Candidates:
    """Candidates without an end, which remember how many were taken, and whether it is over."""

    def __init__(self) -> None:
        self.taken = 0
        self.closed = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        try:
            for stack in stacks():
                self.taken += 1
                yield stack
        finally:
            self.closed = True


def test_whoever_stops_asking_ends_the_stream() -> None:
    candidates = Candidates()
    client, transport = client_of(reports)
    results = client.infer_many(candidates, batch_size=1, in_flight=2)
    next(results)
    del results
    gc.collect()
    assert candidates.closed
    assert candidates.taken <= 2
    assert len(transport.requests) <= 2


def test_a_progress_function_that_fails_ends_the_stream() -> None:
    started = threading.active_count()

    def fail(_: int) -> None:
        raise LookupError

    client, _ = client_of(reports)
    with pytest.raises(LookupError) as held:
        list(client.infer_many(stacks(), progress=fail))
    deadline = time.monotonic() + 30
    while threading.active_count() > started and time.monotonic() < deadline:
        time.sleep(0.001)
    assert threading.active_count() <= started, f"{held.value!r} holds them"


def test_a_request_that_fails_is_tried_again_alone() -> None:
    client, transport = client_of(requests.ConnectionError(), says(503), reports)
    results = client.infer_many(islice(stacks(), 4), batch_size=2, in_flight=1)
    assert ids(results) == [0, 1, 2, 3]
    assert len(transport.requests) == 4


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (requests.ConnectionError(), ConnectionFailed),
        (says(500, problem(500)), ServiceFailed),
        (says(422, problem(422, "invalid_query")), Problem),
        (says(200, b'{"totals": 1}\n', media="application/x-ndjson"), UnexpectedAnswer),
        (says(200, b"{}\n{}\n", media="application/x-ndjson"), UnexpectedAnswer),
        (says(200, b"x\nx\n", media="application/x-ndjson"), UnexpectedAnswer),
        (says(200, b"5\n5\n", media="application/x-ndjson"), UnexpectedAnswer),
        (says(200, b""), UnexpectedAnswer),
    ],
)
def test_a_request_that_fails_for_good_is_raised_in_its_place(
    reply: Any, kind: type[Exception]
) -> None:
    client, _ = client_of(reports, reply)
    results = client.infer_many(islice(stacks(), 100), batch_size=2, in_flight=1)
    assert [next(results).id, next(results).id] == [0, 1]
    with pytest.raises(kind):
        next(results)
    with pytest.raises(StopIteration):
        next(results)


def test_a_request_that_is_too_large_is_halved_and_one_network_answered_for_itself() -> None:
    huge = 5

    def reply(request: requests.PreparedRequest) -> requests.Response:
        if huge in [network["id"] for network in networks(request)]:
            return says(413, problem(413, "too_large"))(request)
        return reports(request)

    client, transport = client_of(reply)
    results = list(client.infer_many(islice(stacks(), 8), in_flight=1))
    assert [getattr(result, "id", None) for result in results] == [0, 1, 2, 3, 4, None, 6, 7]
    assert isinstance(results[huge], TooLarge)
    assert [len(networks(request)) for request in transport.requests] == [8, 4, 4, 2, 1, 1, 2]


@pytest.mark.parametrize(
    ("sizes", "most_lines", "most_bytes", "lengths"),
    [
        ([1] * 7, 3, 100, [3, 3, 1]),
        ([1] * 6, 3, 100, [3, 3]),
        ([40] * 6, 100, 100, [3, 3]),
        ([500, 1, 1, 500, 1], 100, 100, [1, 3, 1]),
        ([], 3, 100, []),
    ],
)
def test_a_batch_ends_by_number_or_by_size(
    sizes: list[int], most_lines: int, most_bytes: int, lengths: list[int]
) -> None:
    lines = [b"x" * size for size in sizes]
    made = list(batches(lines, most_lines, most_bytes))
    assert [len(batch) for batch in made] == lengths
    assert [line for batch in made for line in batch] == lines


@pytest.mark.parametrize("name", ["batch_size", "in_flight"])
def test_less_than_one_is_refused_at_once(name: str) -> None:
    client, _ = client_of(reports)
    options: dict[str, Any] = {name: 0}
    with pytest.raises(ValueError, match=f"`{name}` is at least 1, got 0"):
        client.infer_many([], **options)


def test_what_is_no_network_is_the_callers_affair() -> None:
    client, _ = client_of(reports)
    with pytest.raises(TypeError):
        list(client.infer_many([{"id": 1}, {"id": {1, 2}}]))


def test_results_are_read_when_their_turn_comes() -> None:
    client, _ = client_of(
        says(200, json.dumps(REPORT).encode() + b"\nbroken", media=streams.NDJSON)
    )
    results = client.infer_many([{}, {}])
    assert isinstance(next(results), Report)
    with pytest.raises(UnexpectedAnswer, match="expected a report or problem, got b'broken'"):
        next(results)
