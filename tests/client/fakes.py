"""A service without a socket: a transport of requests that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, TypeAlias

import requests
from requests.adapters import BaseAdapter

from shapewright.client import Client

Reply: TypeAlias = Callable[[requests.PreparedRequest], requests.Response]

URL = "http://service.test"
TOTALS = dict.fromkeys(
    (
        *("layers", "params", "trainable_params", "non_trainable_params"),
        *("macs", "activation_elements", "peak_activation_elements"),
    ),
    1,
)
REPORT = {
    "framework": "keras",
    "source": "stack",
    "inputs": [{"name": "input", "shape": [None, 4]}],
    "outputs": [{"name": "flatten", "shape": [None, 4]}],
    "totals": TOTALS,
    "notes": [],
}


def problem(status: int, code: str = "some_code", **more: Any) -> dict[str, Any]:
    """The body of a problem."""
    told = {"type": f"/problems/{code}", "title": "Wrong", "detail": "it is wrong"}
    return {**told, "status": status, "code": code, "request_id": "told", **more}


def says(
    status: int, body: Any = b"", headers: Mapping[str, str] | None = None, media: str = ""
) -> Reply:
    """A reply with this body: bytes as they are, anything else as JSON."""
    default = "application/problem+json" if status >= 400 else "application/json"

    def reply(request: requests.PreparedRequest) -> requests.Response:
        response = requests.Response()
        response.request = request
        response.url = request.url or ""
        response.status_code = status
        response.reason = "Reason"
        response.headers.update({"Content-Type": media or default, **(headers or {})})
        response.raw = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return response

    return reply


def each_line(answer: Callable[[Any], Any]) -> Reply:
    """A reply to a batch: what the function makes of each network."""

    def reply(request: requests.PreparedRequest) -> requests.Response:
        answers = [json.dumps(answer(network)) for network in networks(request)]
        return says(200, "".join(f"{line}\n" for line in answers).encode())(request)

    return reply


def networks(request: requests.PreparedRequest) -> list[Any]:
    """The networks in a batch."""
    assert isinstance(request.body, bytes)
    return [json.loads(line) for line in request.body.split(b"\n")]


def report_of(network: Any) -> dict[str, Any]:
    """A report that hands the id back."""
    return {**REPORT, "id": network.get("id")}


class FakeTransport(BaseAdapter):
    """Gives the replies one after another, the last of them for ever; remembers what was sent."""

    def __init__(self, *replies: Reply | Exception) -> None:
        super().__init__()
        self.replies = replies
        self.requests: list[requests.PreparedRequest] = []
        self.options: list[dict[str, Any]] = []
        self.closed = 0

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        self.requests.append(request)
        self.options.append(options)
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply(request)

    def close(self) -> None:
        self.closed += 1


def client_of(*replies: Reply | Exception, **options: Any) -> tuple[Client, FakeTransport]:
    """A client and the transport behind it."""
    transport = FakeTransport(*replies)
    return Client(URL, transport=transport, **options), transport
