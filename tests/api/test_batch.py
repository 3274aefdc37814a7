"""Batches: in order, in the form in which they were sent, and no item disturbs another."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.api.checked import CheckedClient

GOOD = {"id": "good", "input_shape": [None, 8, 3], "layers": [{"type": "Dense", "units": 2}]}
MISFIT = {
    "id": {"any": "thing"},
    "input_shape": [None, 4, 3],
    "layers": [{"type": "Conv1D", "filters": 1, "kernel_size": 9}],
}
UNKNOWN = {"input_shape": [None, 4], "layers": [{"type": "Dens", "units": 1}]}
NDJSON = "application/x-ndjson"


def ndjson(*items: Any) -> bytes:
    return b"\n".join(item if isinstance(item, bytes) else orjson.dumps(item) for item in items)


def results(client: CheckedClient, *items: Any, query: str = "") -> list[Any]:
    response = client.send(
        "POST", f"/v1/infer/batch{query}", data=ndjson(*items), content_type=NDJSON
    )
    assert response.status_code == 200
    assert response.mimetype == NDJSON
    return [orjson.loads(line) for line in response.data.splitlines()]


def test_each_network_gets_a_report_or_a_problem_in_order(client: CheckedClient) -> None:
    items = [GOOD, MISFIT, UNKNOWN, b"{", [], b"", GOOD]
    found = results(client, *items)
    assert [item.get("code", "report") for item in found] == [
        "report",
        "shape_mismatch",
        "invalid_document",
        "unreadable_document",
        "unreadable_document",
        "report",
    ]
    assert [item.get("id") for item in found] == ["good", {"any": "thing"}, *[None] * 3, "good"]
    assert found[0] == found[-1]
    assert found[2]["errors"][0]["pointer"] == "/layers/0/type"


def test_an_item_is_what_a_single_call_answers(client: CheckedClient) -> None:
    (item,) = results(client, GOOD, query="?detail=full")
    assert item.pop("id") == "good"
    assert item == client.infer(GOOD).get_json()


def test_the_summary_is_the_default(client: CheckedClient) -> None:
    assert "layers" not in results(client, GOOD)[0]
    assert "layers" in results(client, GOOD, query="?detail=shapes")[0]


def test_json_is_answered_with_json(client: CheckedClient) -> None:
    batch = {"specs": [GOOD, MISFIT, orjson.dumps(GOOD).decode()]}
    response = client.send(
        "POST",
        "/v1/infer/batch",
        data=orjson.dumps(batch),
        content_type="application/json",
    )
    assert [item.get("status", 200) for item in response.get_json()["results"]] == [200, 422, 200]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"specs": 3}', b"3"])
def test_a_batch_without_networks_is_refused(client: CheckedClient, body: bytes) -> None:
    response = client.send("POST", "/v1/infer/batch", data=body, content_type="application/json")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"] == "/specs"


def test_an_id_that_cannot_be_written_again_is_left_out(client: CheckedClient) -> None:
    deep = orjson.dumps(GOOD).replace(b'"good"', b"[" * 900 + b"]" * 900)
    first, second = results(client, deep, GOOD)
    assert "id" not in first
    assert first["outputs"] == second["outputs"]


def test_an_empty_batch_is_answered_with_nothing(client: CheckedClient) -> None:
    assert results(client) == []


def test_accept_decides_where_it_has_a_say(client: CheckedClient) -> None:
    response = client.send(
        "POST",
        "/v1/infer/batch",
        data=ndjson(GOOD),
        content_type=NDJSON,
        headers={"Accept": "application/json"},
    )
    assert len(response.get_json()["results"]) == 1


def test_a_thousand_networks_stream_in_few_pieces(client: CheckedClient) -> None:
    found = results(client, *[{**GOOD, "id": number} for number in range(1000)])
    assert [item["id"] for item in found] == list(range(1000))
