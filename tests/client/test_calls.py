"""What one call sends, and what it makes of the answer."""

from __future__ import annotations

import re
from http.client import HTTPMessage
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from shapewright.client import Client, Problem, UnexpectedAnswer
from tests.client.fakes import REPORT, TOTALS, URL, FakeTransport, client_of, problem, says

NETWORK = {"input_shape": [None, 4], "layers": [{"type": "Flatten"}]}
LAYER_TYPE = {
    "framework": "keras",
    "type": "Flatten",
    "aliases": [],
    "summary": "Flattens.",
    "href": "/v1/layers/keras/Flatten",
    "source": "https://keras.test",
    "arguments": [],
    "parameters": {"type": "object"},
}


def test_a_network_is_posted_as_json() -> None:
    client, transport = client_of(says(200, REPORT))
    assert client.infer(NETWORK).totals.params == 1
    (sent,) = transport.requests
    assert (sent.method, sent.url) == ("POST", f"{URL}/v1/infer")
    assert sent.body == b'{"input_shape":[null,4],"layers":[{"type":"Flatten"}]}'
    assert sent.headers["Content-Type"] == "application/json"
    assert re.fullmatch("[0-9a-f]{32}", str(sent.headers["X-Request-ID"]))
    assert str(sent.headers["User-Agent"]).startswith("shapewright/")


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({"detail": "shapes"}, {"detail": ["shapes"]}),
        ({"input_shape": (None, 8)}, {"input_shape": ["[null,8]"]}),
        ({"input_shape": {"a": [1, 8]}}, {"input_shape": ['{"a":[1,8]}']}),
        ({"unknown_layers": "identity"}, {"unknown_layers": ["identity"]}),
        ({"locate": "stem&x:4,5"}, {"locate": ["stem&x:4,5"]}),
    ],
)
def test_options_stand_in_the_query(options: Any, query: dict[str, list[str]]) -> None:
    client, transport = client_of(says(200, REPORT))
    client.infer(NETWORK, **options)
    assert parse_qs(urlsplit(str(transport.requests[0].url)).query) == query


def test_the_catalogue_is_asked_for() -> None:
    client, transport = client_of(says(200, {"layers": [LAYER_TYPE]}), says(200, LAYER_TYPE))
    (summary,) = client.layers("keras")
    whole = client.layer("keras", "A/Б?")
    assert (summary.type, whole.parameters) == ("Flatten", {"type": "object"})
    assert [request.url for request in transport.requests] == [
        f"{URL}/v1/layers?framework=keras",
        f"{URL}/v1/layers/keras/A%2F%D0%91%3F",
    ]


@pytest.mark.parametrize(
    ("options", "timeout"),
    [({}, 30.0), ({"timeout": 5}, 5), ({"timeout": (1, 60.0)}, (1, 60.0))],
)
def test_every_call_has_a_timeout(options: dict[str, Any], timeout: Any) -> None:
    client, transport = client_of(says(200, REPORT), **options)
    client.infer(NETWORK)
    assert transport.options[0]["timeout"] == timeout


def test_the_environment_names_proxies_and_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/certificates.pem")
    client, transport = client_of(says(200, REPORT))
    client.infer(NETWORK)
    (options,) = transport.options
    assert options["proxies"]["http"] == "http://proxy.test:3128"
    assert options["verify"] == "/certificates.pem"


def test_every_call_has_an_id_of_its_own() -> None:
    client, transport = client_of(says(200, REPORT))
    client.infer(NETWORK)
    client.infer(NETWORK)
    assert len({request.headers["X-Request-ID"] for request in transport.requests}) == 2


def test_the_key_is_a_bearer_token_and_stands_nowhere_else() -> None:
    client, transport = client_of(says(200, b"?"), api_key="secret")
    with pytest.raises(UnexpectedAnswer) as caught:
        client.infer(NETWORK)
    assert transport.requests[0].headers["Authorization"] == "Bearer secret"
    assert "secret" not in str(caught.value)


def test_without_a_key_there_is_no_token() -> None:
    client, transport = client_of(says(200, REPORT))
    client.infer(NETWORK)
    assert "Authorization" not in transport.requests[0].headers


def test_a_service_may_live_below_a_path() -> None:
    transport = FakeTransport(says(200, REPORT))
    Client("https://host.test/shapes/", transport=transport).infer(NETWORK)
    assert transport.requests[0].url == "https://host.test/shapes/v1/infer"


def test_a_closed_client_has_closed_its_connections() -> None:
    client, transport = client_of(says(200, REPORT))
    with client:
        client.infer(NETWORK)
        assert transport.closed == 0
    assert transport.closed > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"url": "localhost:8000"}, "a URL such as"),
        ({"url": "ftp://host"}, "a URL such as"),
        ({"url": "http://"}, "a URL such as"),
        ({"url": "http://host/?a=1"}, "a URL such as"),
        ({"timeout": None}, "`timeout`"),
        ({"timeout": 0}, "`timeout`"),
        ({"timeout": float("inf")}, "`timeout`"),
        ({"timeout": (1.0, None)}, "`timeout`"),
        ({"timeout": (1, 2, 3)}, "`timeout`"),
        ({"retries": -1}, "`retries` is at least 0, got -1"),
        ({"api_key": ""}, "an API key"),
        ({"api_key": "line\n"}, "an API key"),
        ({"api_key": "schlüssel"}, "an API key"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        Client(**{"url": URL, **arguments})
    assert str(arguments.get("api_key") or "no key") not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"[]",
        b"5",
        b"{}",
        {**REPORT, "totals": 5},
        {**REPORT, "totals": {}},
        {**REPORT, "inputs": [5]},
        {**REPORT, "notes": {"code": "x"}},
    ],
)
def test_a_body_that_is_no_report_is_not_expected(body: Any) -> None:
    client, transport = client_of(says(200, body))
    with pytest.raises(UnexpectedAnswer, match=r"^POST /v1/infer: expected a Report, got b'") as it:
        client.infer(NETWORK)
    assert it.value.request_id == transport.requests[0].headers["X-Request-ID"]


def test_a_redirect_is_told_and_not_followed() -> None:
    client, _ = client_of(says(308, headers={"Location": "https://elsewhere.test/v1/infer"}))
    with pytest.raises(UnexpectedAnswer, match=r"308 leads to https://elsewhere\.test/v1/infer"):
        client.infer(NETWORK)


class WithCookie(BytesIO):
    """A body whose headers stand where requests looks for cookies."""

    _original_response = SimpleNamespace(msg=HTTPMessage())
    _original_response.msg["Set-Cookie"] = "a=b; Path=/"


def test_no_cookie_is_kept() -> None:
    def reply(request: requests.PreparedRequest) -> requests.Response:
        response = says(200, REPORT)(request)
        response.raw = WithCookie(response.content)
        return response

    client, transport = client_of(reply)
    client.infer(NETWORK)
    client.infer(NETWORK)
    assert "Cookie" not in transport.requests[1].headers


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (says(422, problem(422, "invalid_query")), (422, "invalid_query", "it is wrong", "told")),
        (says(400, b"<b>no</b>", media="text/html"), (400, "", "<b>no</b>", None)),
        (says(400, b"x" * 999, media="text/html"), (400, "", "x" * 200, None)),
        (says(400, b"\xff", media="text/html"), (400, "", "\ufffd", None)),
        (says(400, b"{"), (400, "", "{", None)),
        (says(400, [1]), (400, "", "[1]", None)),
        (says(418, {"status": 200, "title": "Tea"}), (418, "", "", None)),
        (
            says(403, {}, media="application/problem+json; charset=utf-8"),
            (403, "", "", None),
        ),
    ],
)
def test_every_error_is_a_problem(reply: Any, told: tuple[Any, ...]) -> None:
    client, transport = client_of(reply)
    with pytest.raises(Problem) as caught:
        client.infer(NETWORK)
    found = caught.value
    own_id = told[3] or transport.requests[0].headers["X-Request-ID"]
    assert (found.status, found.code, found.detail, found.request_id) == (*told[:3], own_id)


def test_null_stays_none() -> None:
    client, _ = client_of(says(200, {**REPORT, "totals": {**TOTALS, "macs": None}}))
    assert client.infer(NETWORK).totals.macs is None
