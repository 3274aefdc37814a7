"""gunicorn serves the application: it starts, logs, bounds what comes in, and stops."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.running import Service, running_service

NETWORK = {"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service(
        SHAPEWRIGHT_MAX_BODY_BYTES="4096", SHAPEWRIGHT_TIMEOUT_SECONDS="3"
    ) as service:
        yield service


def test_a_network_is_answered(service: Service) -> None:
    response = requests.post(f"{service.url}/v1/infer", json=NETWORK, timeout=10)
    assert response.json()["outputs"][0]["shape"] == [1, 2]


def test_a_stream_without_end_is_refused(service: Service) -> None:
    blocks = (b" " * 1024 for _ in range(10_000))
    headers = {"Content-Type": "application/json"}
    try:
        response = requests.post(
            f"{service.url}/v1/infer", data=blocks, headers=headers, timeout=10
        )
    except requests.ConnectionError:
        return
    assert response.status_code == 413


def raw(service: Service, request: bytes) -> bytes:
    """The first bytes of the answer to bytes that need not be HTTP."""
    host, port = urlsplit(service.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(4096)


BROKEN = {
    "not HTTP": b"hello\r\n\r\n",
    "a host that is none": b"GET /healthz HTTP/1.1\r\nHost: [::\r\n\r\n",
    "a host with spaces": b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a long line": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "many fields": b"GET /x HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 100 + b"\r\n",
    "a negative length": b"POST /v1/infer HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST /v1/infer HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nab",
    "a broken chunk": b"POST /v1/infer HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_requests_are_no_fault_of_the_service(service: Service, case: str) -> None:
    answer = raw(service, BROKEN[case])
    assert answer == b"" or answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4")), answer


def test_a_body_that_stalls_does_not_hold_the_service(service: Service) -> None:
    request = b"POST /v1/infer HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    answer = raw(service, request + b"Content-Length: 100\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 400")


def test_every_line_of_the_log_is_json_and_no_request_failed() -> None:
    with running_service() as service:
        requests.get(f"{service.url}/healthz", headers={"X-Request-ID": "abc"}, timeout=10)
        requests.get(f"{service.url}/nowhere", timeout=10)
    asked = [line for line in service.lines if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in asked] == [
        ("/healthz", 200),
        ("unmatched", 404),
    ]
    assert asked[0]["request_id"] == "abc"
    assert service.process.returncode == 0
