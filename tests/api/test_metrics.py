"""Metrics and the log: what every request adds to them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shapewright import memo
from shapewright.api import metrics
from shapewright.api.app import create_app
from shapewright.api.settings import Settings
from tests.api.checked import CheckedClient

DENSE = {"input_shape": [None, 8], "layers": [{"type": "Dense", "units": 2}, {"type": "ReLU"}]}
MISFIT = {"input_shape": [None, 4], "layers": [{"type": "Conv1D", "filters": 1, "kernel_size": 9}]}
NDJSON = "application/x-ndjson"

Samples = Mapping[tuple[str, frozenset[str]], float]


def samples(text: str) -> Samples:
    """Every value by its name and the values of its labels."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(client: CheckedClient) -> Samples:
    return samples(client.get("/metrics").text)


def added(before: Samples, after: Samples, name: str, *labels: str) -> float:
    key = (f"shapewright_{name}", frozenset(labels))
    return after[key] - before.get(key, 0)


def send_batch(client: CheckedClient, *items: Any) -> Any:
    body = b"\n".join(map(orjson.dumps, items))
    return client.send("POST", "/v1/infer/batch", data=body, content_type=NDJSON)


def test_the_answer_is_the_text_format(client: CheckedClient) -> None:
    response = client.get(
        "/metrics", headers={"Accept": "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}
    )
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE shapewright_requests_total counter" in response.text


def test_requests_are_counted_by_rule_method_and_status(client: CheckedClient) -> None:
    before = scrape(client)
    client.infer(DENSE)
    client.infer(MISFIT)
    client.get("/v1/layers/keras/Dense")
    client.get("/v1/layers/keras/Conv2D")
    after = scrape(client)
    assert added(before, after, "requests_total", "/v1/infer", "POST", "200") == 1
    assert added(before, after, "requests_total", "/v1/infer", "POST", "422") == 1
    rule = "/v1/layers/<framework>/<type>"
    assert added(before, after, "requests_total", rule, "GET", "200") == 2
    assert added(before, after, "request_duration_seconds_count", rule, "GET") == 2
    assert added(before, after, "request_duration_seconds_sum", "/v1/infer", "POST") > 0


def test_labels_have_few_values(client: CheckedClient) -> None:
    before = scrape(client)
    for number in range(3):
        client.get(f"/nowhere/{number}")
        client.send(f"BREW{number}", "/v1/infer")
    after = scrape(client)
    assert added(before, after, "requests_total", "unmatched", "GET", "404") == 3
    assert added(before, after, "requests_total", "unmatched", "other", "405") == 3


def test_layers_and_items_are_counted(client: CheckedClient) -> None:
    before = scrape(client)
    client.infer(DENSE)
    assert send_batch(client, DENSE, MISFIT, DENSE, [], DENSE).data.count(b"\n") == 5
    after = scrape(client)
    assert added(before, after, "layers_total", "/v1/infer") == 2
    assert added(before, after, "layers_total", "/v1/infer/batch") == 6
    assert added(before, after, "batch_items_total", "report") == 3
    assert added(before, after, "batch_items_total", "shape_mismatch") == 1
    assert added(before, after, "batch_items_total", "unreadable_document") == 1


def test_memory_is_counted() -> None:
    client = CheckedClient(create_app())
    before = scrape(client)
    client.infer(DENSE)
    cold = scrape(client)
    client.infer(DENSE)
    warm = scrape(client)
    assert added(before, cold, "memory_misses_total", "texts") == 2
    assert added(before, cold, "memory_hits_total", "texts") == 0
    assert added(cold, warm, "memory_misses_total", "texts") == 0
    assert added(cold, warm, "memory_hits_total", "texts") == 2
    assert warm["shapewright_memory_entries", frozenset(["texts"])] >= 2


def test_memory_can_be_switched_off() -> None:
    client = CheckedClient(create_app(Settings(memory_entries=0)))
    try:
        client.infer(DENSE)
        client.infer(DENSE)
        assert all(figures.entries == 0 for figures in memo.figures().values())
    finally:
        create_app()


def test_a_batch_has_one_line_when_it_has_ended(
    client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "shapewright"):
        response = send_batch(client, DENSE, MISFIT)
    (line,) = (record.facts for record in caplog.records)  # type: ignore[attr-defined]
    assert line["bytes"] == len(response.data)
    assert (line["layers"], line["items"]) == (2, {"report": 1, "shape_mismatch": 1})


def test_a_caller_who_leaves_a_stream_is_counted_too(caplog: pytest.LogCaptureFixture) -> None:
    plain = create_app().test_client()
    body = b"\n".join([orjson.dumps(DENSE)] * 1000)
    with caplog.at_level(logging.INFO, "shapewright"):
        response = plain.post("/v1/infer/batch", data=body, content_type=NDJSON)
        response.close()
    (line,) = (record.facts for record in caplog.records)  # type: ignore[attr-defined]
    assert 0 < line["items"]["report"] < 1000
    assert line["bytes"] > 0


def test_a_count_that_fails_disturbs_no_request(
    client: CheckedClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: str) -> None:
        raise FileNotFoundError("the directory is gone")

    monkeypatch.setattr(metrics, "_counters", fail)
    with caplog.at_level(logging.WARNING, "shapewright"):
        assert [client.infer(DENSE).status_code for _ in range(3)] == [200] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "metrics are incomplete: FileNotFoundError('the directory is gone')"
    ]
