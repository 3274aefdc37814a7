"""What is tried again, after which pauses, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests

from shapewright.client import (
    Busy,
    ConnectionFailed,
    Problem,
    ServiceFailed,
    ShapewrightClientError,
    Timeout,
    UnexpectedAnswer,
)
from shapewright.client.retries import pauses
from tests.client.fakes import REPORT, Reply, client_of, problem, says

NETWORK: dict[str, Any] = {"layers": []}
GOOD = says(200, REPORT)


def timed_out_within_the_body() -> Exception:
    """What requests raises for it: a lost connection that a timeout caused."""
    inner = OSError("Read timed out.")
    inner.__cause__ = TimeoutError()
    return requests.ConnectionError(inner)


MAY_PASS: list[tuple[Reply | Exception, type[ShapewrightClientError]]] = [
    (requests.ConnectionError("refused"), ConnectionFailed),
    (requests.exceptions.ChunkedEncodingError("cut off"), ConnectionFailed),
    (requests.ConnectTimeout("slow"), Timeout),
    (requests.ReadTimeout("slow"), Timeout),
    (timed_out_within_the_body(), Timeout),
    (says(429, problem(429)), Busy),
    (says(503, problem(503)), Busy),
    (says(503, b"<html>busy</html>", media="text/html"), Busy),
    (says(500, problem(500, "internal_error")), ServiceFailed),
    (says(502, b"Bad Gateway", media="text/plain"), ServiceFailed),
    (says(504), ServiceFailed),
]
STAYS: list[tuple[Reply | Exception, type[ShapewrightClientError]]] = [
    (says(400, problem(400)), Problem),
    (says(401, b"who are you?", media="text/plain"), Problem),
    (says(404, problem(404)), Problem),
    (says(413, problem(413)), Problem),
    (says(422, problem(422)), Problem),
    (says(301, headers={"Location": "https://elsewhere.test/"}), UnexpectedAnswer),
    (says(200, b"<html>log in</html>", media="text/html"), UnexpectedAnswer),
]


@pytest.mark.parametrize(("failure", "kind"), MAY_PASS)
def test_what_may_pass_is_tried_again(
    failure: Reply | Exception, kind: type[ShapewrightClientError], slept: list[float]
) -> None:
    client, transport = client_of(failure, failure, GOOD)
    assert client.infer(NETWORK).raw == REPORT
    assert (len(transport.requests), len(slept)) == (3, 2)


@pytest.mark.parametrize(("failure", "kind"), MAY_PASS)
def test_the_last_failure_is_raised(
    failure: Reply | Exception, kind: type[ShapewrightClientError], slept: list[float]
) -> None:
    client, transport = client_of(failure, retries=3)
    with pytest.raises(kind):
        client.infer(NETWORK)
    assert (len(transport.requests), len(slept)) == (4, 3)


@pytest.mark.parametrize(("failure", "kind"), STAYS)
def test_what_stays_is_not_tried_again(
    failure: Reply | Exception, kind: type[ShapewrightClientError], slept: list[float]
) -> None:
    client, transport = client_of(failure)
    with pytest.raises(kind):
        client.infer(NETWORK)
    assert (len(transport.requests), slept) == (1, [])


def test_no_retries_is_one_attempt() -> None:
    client, transport = client_of(says(503), retries=0)
    with pytest.raises(Busy):
        client.infer(NETWORK)
    assert len(transport.requests) == 1


def test_every_attempt_sends_the_same() -> None:
    client, transport = client_of(says(503), requests.ConnectionError(), GOOD, api_key="secret")
    client.infer(NETWORK, detail="summary")
    sent = {
        (request.method, request.url, request.body, *sorted(request.headers.items()))
        for request in transport.requests
    }
    assert len(sent) == 1


def test_pauses_double_up_to_a_cap_and_chance_takes_up_to_half() -> None:
    longest = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    for _ in range(100):
        for pause, most in zip(pauses(len(longest)), longest, strict=True):
            assert most / 2 <= pause <= most
    assert len({next(pauses(1)) for _ in range(100)}) > 1
    assert sum(1 for _ in pauses(5000)) == 5000


def later(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503, 500])
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("30", 30),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
        ("Tue, 01 Jan 2030 00:00:00 -0000", 0),
    ],
)
def test_the_service_says_how_long_to_wait(
    status: int, told: str, seconds: float, slept: list[float]
) -> None:
    client, _ = client_of(says(status, headers={"Retry-After": told}), GOOD)
    client.infer(NETWORK)
    assert seconds + 0.125 <= slept[0] <= seconds + 0.25


@pytest.mark.parametrize(("seconds", "least", "most"), [(20, 15, 20.25), (-60, 0, 0.25)])
def test_it_may_say_so_by_a_date(
    seconds: int, least: float, most: float, slept: list[float]
) -> None:
    client, _ = client_of(says(503, headers={"Retry-After": later(seconds)}), GOOD)
    client.infer(NETWORK)
    assert least <= slept[0] <= most


@pytest.mark.parametrize("told", ["31", "3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_long_wait_is_left_to_the_caller(told: str, slept: list[float]) -> None:
    client, transport = client_of(says(503, headers={"Retry-After": told}))
    with pytest.raises(Busy) as caught:
        client.infer(NETWORK)
    assert (len(transport.requests), slept) == (1, [])
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 30


def test_the_reason_stands_in_the_message() -> None:
    class Refused(Exception):
        reason = "host 'service.test': connection refused"

    client, transport = client_of(requests.ConnectionError(Refused()), retries=0)
    with pytest.raises(ConnectionFailed) as caught:
        client.infer(NETWORK)
    request_id: Any = transport.requests[0].headers["X-Request-ID"]
    assert str(caught.value) == (
        f"POST /v1/infer: host 'service.test': connection refused (request {request_id})"
    )
    assert isinstance(caught.value.__cause__, requests.ConnectionError)
