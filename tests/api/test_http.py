"""Methods, addresses, headers and the log: what holds for every call."""

from __future__ import annotations

import logging

import pytest

from tests.api.checked import CheckedClient

OPTIONS = {
    "/v1/infer": {"POST", "OPTIONS"},
    "/v1/layers": {"GET", "HEAD", "OPTIONS"},
    "/healthz": {"GET", "HEAD", "OPTIONS"},
}


def allowed(header: str) -> set[str]:
    return set(header.split(", "))


@pytest.mark.parametrize("path", OPTIONS)
def test_options_tells_the_methods(client: CheckedClient, path: str) -> None:
    response = client.send("OPTIONS", path)
    assert response.status_code == 204
    assert allowed(response.headers["Allow"]) == OPTIONS[path]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods_are_not_allowed(client: CheckedClient, method: str) -> None:
    response = client.send(method, "/v1/infer")
    assert response.status_code == 405
    assert allowed(response.headers["Allow"]) == OPTIONS["/v1/infer"]


def test_head_is_get_without_a_body(client: CheckedClient) -> None:
    head, get = client.send("HEAD", "/v1/layers"), client.get("/v1/layers")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/infer/", "/v2/infer", "//v1/layers", "/v1/%00", "/%ff"]
)
def test_nothing_at_other_addresses(client: CheckedClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_service_says_how_it_is(client: CheckedClient, path: str) -> None:
    assert client.get(path).get_json() == {"status": "ok"}


@pytest.mark.parametrize("given", ["abc-1", "0af7651916cd43dd8448eb211c80319c", "a" * 128])
def test_a_sane_request_id_is_kept(client: CheckedClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "<script>", "ä", "{}"])
def test_another_one_is_replaced(client: CheckedClient, given: str) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": given})
    made = response.headers["X-Request-ID"]
    assert made != given
    assert response.get_json()["request_id"] == made


def test_every_answer_has_the_security_headers(client: CheckedClient) -> None:
    for path in ("/healthz", "/nowhere"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in headers


def test_every_request_is_one_line(client: CheckedClient, caplog: pytest.LogCaptureFixture) -> None:
    network = {"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}
    with caplog.at_level(logging.INFO, "shapewright"):
        client.infer(network, headers={"X-Request-ID": "line-1"})
        client.get("/nowhere")
    first, second = (record.facts for record in caplog.records)  # type: ignore[attr-defined]
    assert first["request_id"] == "line-1"
    assert (first["route"], first["method"], first["status"]) == ("/v1/infer", "POST", 200)
    assert (first["layers"], second["route"], second["status"]) == (1, "unmatched", 404)
