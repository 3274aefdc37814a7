"""Heads of requests that were read before: the same answers, and nothing taken for another."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.api.app import create_app
from shapewright.api.head import HEADS
from shapewright.api.settings import Settings
from tests.api.checked import CheckedClient

NETWORK = b'{"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}'
JSON = "application/json"

QUERIES = {
    "": 200,
    "?detail=full": 200,
    "?detail=summary": 200,
    "?detail=none": 422,
    "?detail=full&detail=full": 422,
    "?input_shape=[3,4,5]": 200,
    "?input_shape=[3,4,6]": 200,
    "?input_shape=[": 422,
    "?other=1": 422,
}


@pytest.mark.parametrize("query", QUERIES)
def test_the_second_answer_is_the_first(client: CheckedClient, query: str) -> None:
    headers = {"X-Request-ID": "same"}
    first, second = (client.infer(NETWORK, query, headers=headers) for _ in range(2))
    assert first.status_code == second.status_code == QUERIES[query]
    assert first.data == second.data


def test_a_head_is_known_for_its_own_call_alone(client: CheckedClient) -> None:
    one = client.send("POST", "/v1/infer", data=NETWORK, content_type=JSON)
    many = client.send("POST", "/v1/infer/batch", data=b'{"specs": []}', content_type=JSON)
    assert "totals" in one.get_json()
    assert many.get_json() == {"results": []}
    assert client.get("/v1/layers?framework=torch").status_code == 200
    assert client.get("/healthz?framework=torch").status_code == 422


def test_a_head_is_known_for_its_own_bounds_alone(client: CheckedClient) -> None:
    query = "?input_shape=[1,1,2]"
    assert client.infer(NETWORK, query).status_code == 200
    try:
        strict = CheckedClient(create_app(Settings(max_rank=2)))
        assert strict.infer(NETWORK, query).status_code == 422
    finally:
        create_app()


@pytest.mark.parametrize("header", ["Accept", "Content-Encoding", "Content-Type"])
def test_each_header_counts(client: CheckedClient, header: str) -> None:
    wrong: dict[str, Any] = {header: "image/png"}
    content_type = wrong.pop("Content-Type", JSON)
    assert client.infer(NETWORK).status_code == 200
    response = client.infer(NETWORK, headers=wrong, content_type=content_type)
    assert response.status_code in (406, 415)
    assert client.infer(NETWORK).status_code == 200


def test_long_heads_are_forgotten() -> None:
    client = CheckedClient(create_app())
    for number in range(10):
        accept = f"{JSON}, text/{'x' * 300}{number}"
        assert client.infer(NETWORK, headers={"Accept": accept}).status_code == 200
    assert len(HEADS) == 0


def test_a_body_that_is_cut_short(client: CheckedClient) -> None:
    told = {"CONTENT_LENGTH": str(len(NETWORK) + 1)}
    response = client.infer(NETWORK, environ_overrides=told)
    assert (response.status_code, response.get_json()["code"]) == (400, "bad_request")
