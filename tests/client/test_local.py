"""The client and the real application, without a server between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapewright.client import (
    Client,
    InvalidNetwork,
    NotFound,
    Problem,
    Report,
    ServiceFailed,
    ShapeMismatch,
    TooLarge,
    local,
)

ROOT = Path(__file__).parents[2]
STEM = json.loads((ROOT / "examples/stem.json").read_text())
SKIP = json.loads((ROOT / "examples/skip.json").read_text())
RESNET50 = ROOT / "examples/resnet50.json"
KERAS_FILE = ROOT / "tests/golden/models/tiny.keras"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with local() as client:
        yield client


def test_a_report_has_every_layer(client: Client) -> None:
    report = client.infer(STEM)
    stem = report.layers[0]
    assert stem.window is not None
    assert stem.window.padding.before == (2, 2)
    assert stem.window.padding.after == (3, 3)
    assert stem.weights == {"kernel": (7, 7, 3, 64), "bias": (64,)}
    assert (stem.macs, stem.macs_on_data) == (118013952, 116214528)
    assert stem.explanation
    assert report.outputs[0].shape == (None, 56, 56, 64)
    assert report.totals.params == 9728
    assert report.layers[1].window is None


@pytest.mark.parametrize("detail", ["full", "shapes", "summary"])
def test_every_detail_is_read(client: Client, detail: Any) -> None:
    report = client.infer(STEM, detail=detail)
    assert len(report.layers) == (0 if detail == "summary" else 4)
    assert [layer.macs is None for layer in report.layers] == [detail == "shapes"] * len(
        report.layers
    )


@pytest.mark.parametrize(
    ("network", "params"),
    [
        (STEM, 9728),
        (json.dumps(STEM), 9728),
        (json.dumps(STEM, indent=1).encode(), 9728),
        (RESNET50, 25636712),
        (RESNET50.read_text(), 25636712),
        (KERAS_FILE, 56),
        (KERAS_FILE.read_bytes(), 56),
    ],
)
def test_every_form_is_answered_alone_and_among_many(
    client: Client, network: Any, params: int
) -> None:
    alone = client.infer(network, detail="summary")
    (among,) = client.infer_many([network])
    assert alone.totals.params == params
    assert among == alone


def test_the_options_reach_the_engine(client: Client) -> None:
    assert client.infer(STEM, input_shape=[1, 64, 64, 3]).outputs[0].shape == (1, 16, 16, 64)
    assert client.infer(STEM, input_shape={"input": (1, 64, 64, 3)}).inputs[0].shape[1] == 64
    located = client.infer(STEM, locate="max_pooling2d:0,55", detail="summary").located
    assert located is not None
    assert located["layer"] == "max_pooling2d"
    unknown = {"input_shape": [1, 4], "layers": [{"type": "Mystery"}]}
    passed = client.infer(unknown, unknown_layers="identity")
    assert passed.layers[0].notes[0].code == "unknown_layer"
    with pytest.raises(InvalidNetwork):
        client.infer(unknown)


def test_a_shape_that_does_not_fit_is_told_with_all_that_fits(client: Client) -> None:
    with pytest.raises(ShapeMismatch) as caught:
        client.infer(SKIP)
    found = caught.value
    assert found.layer["name"] == "skip"
    assert found.input_shapes == ((None, 44, 44, 16), (None, 45, 45, 16))
    assert found.diverged is not None
    assert found.partial.totals.params == 1488
    assert found.errors[0].pointer == "/layers/4"
    assert found.request_id in str(found)


def test_a_query_that_is_wrong_is_no_fault_of_the_network(client: Client) -> None:
    with pytest.raises(Problem) as caught:
        client.infer(STEM, locate="nowhere:1,1")
    assert not isinstance(caught.value, InvalidNetwork)
    assert caught.value.errors[0].parameter == "locate"


def test_a_stream_is_answered_in_order_whatever_is_in_it(client: Client) -> None:
    kinds: list[tuple[Any, type[Report | Problem]]] = [
        (STEM, Report),
        (SKIP, ShapeMismatch),
        ({"layers": 3}, InvalidNetwork),
        ("no JSON\n", InvalidNetwork),
        ("", InvalidNetwork),
        (b"\x89HDF\r\n\x1a\n\xff", InvalidNetwork),
        ({"layers": [float("nan")]}, InvalidNetwork),
        (RESNET50, Report),
        ({"layers": [], "padding": "x" * 9 * 2**20}, TooLarge),
    ]
    stream = (kinds[number % len(kinds)][0] for number in count())
    wanted = [kind for _, kind in kinds] * 3
    results = client.infer_many(stream, batch_size=4, in_flight=2)
    assert [type(result) for result in islice(results, len(wanted))] == wanted


def test_the_callers_id_comes_back(client: Client) -> None:
    results = client.infer_many([{**STEM, "id": "a"}, {**SKIP, "id": ["b"]}, {"id": 3}])
    assert [result.id for result in results] == ["a", ["b"], 3]


def test_the_catalogue_is_read(client: Client) -> None:
    listed = client.layers()
    assert {layer.framework for layer in listed} >= {"keras", "torch"}
    assert {layer.framework for layer in client.layers("torch")} == {"torch"}
    whole = client.layer("keras", "Conv2D")
    assert whole.parameters["properties"]["filters"]
    assert whole.source.startswith("https://")
    assert any((whole.framework, whole.type) == (layer.framework, layer.type) for layer in listed)


@pytest.mark.parametrize(("framework", "type"), [("keras", "Conv2"), ("kera", "Conv2D")])
def test_what_is_not_there_is_not_found(client: Client, framework: str, type: str) -> None:
    with pytest.raises(NotFound):
        client.layer(framework, type)


def test_a_fault_of_the_engine_is_not_tried_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    monkeypatch.setattr("shapewright.network.propagate.infer", lambda *_: 1 // 0)
    with pytest.raises(ServiceFailed):
        client.infer(STEM)
    assert slept == []


def test_arrays_have_no_bounds_and_threads_do_not_wait_in_line(client: Client) -> None:
    """What is refused by a server, which has others to answer too."""
    large = np.zeros((1, 9 * 2**20, 2), np.float32)
    pool = {"type": "MaxPooling1D", "pool_size": 4, "strides": 4}
    with ThreadPoolExecutor(3) as threads:
        runs = [threads.submit(client.convolve, pool, large) for _ in range(3)]
    assert [run.result().output.shape for run in runs] == [(1, 9 * 2**18, 2)] * 3
