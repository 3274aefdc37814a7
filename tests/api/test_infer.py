"""POST /v1/infer: what comes out of networks that fit."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest

from shapewright.api.examples import EXAMPLES, Example
from tests.api.checked import CheckedClient

STEM: dict[str, Any] = {
    "input_shape": [None, 224, 224, 3],
    "layers": [
        {"type": "Conv2D", "filters": 64, "kernel_size": 7, "strides": 2, "padding": "same"},
        {"type": "MaxPooling2D", "pool_size": 3, "strides": 2},
    ],
}
KERAS = next(example.network for example in EXAMPLES if example.name == "keras")


def shapes(report: Any) -> list[Any]:
    return [layer["output_shapes"][0] for layer in report["layers"]]


def test_a_stack_is_answered_with_its_report(client: CheckedClient) -> None:
    report = client.infer(STEM).get_json()
    assert shapes(report) == [[None, 112, 112, 64], [None, 55, 55, 64]]
    assert report["layers"][0]["window"]["padding"] == {
        "mode": "same",
        "before": [2, 2],
        "after": [3, 3],
        "symmetric": False,
    }
    assert report["totals"]["params"] == 9472


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_documented_answers_are_given(client: CheckedClient, example: Example) -> None:
    content = client.document["paths"]["/v1/infer"]["post"]["responses"]["200"]["content"]
    as_json = content["application/json"]["examples"][example.name]["value"]
    as_text = content["text/plain"]["examples"][example.name]["value"]
    assert client.infer(example.network).get_json() == as_json
    assert client.infer(example.network, headers={"Accept": "text/plain"}).text == as_text


DETAILS = {
    "summary": None,
    "shapes": {"index", "name", "type", "input_shapes", "output_shapes"},
}


@pytest.mark.parametrize("detail", DETAILS)
def test_less_detail_leaves_fields_out(client: CheckedClient, detail: str) -> None:
    report = client.infer(STEM, f"?detail={detail}").get_json()
    layers = report.get("layers")
    assert (layers and set(layers[0])) == DETAILS[detail]
    assert report["totals"] == client.infer(STEM, "?detail=full").get_json()["totals"]


def test_an_input_shape_replaces_the_own_one(client: CheckedClient) -> None:
    report = client.infer(STEM, "?input_shape=[1,33,null,3]").get_json()
    assert report["inputs"] == [{"name": "input", "shape": [1, 33, None, 3]}]
    assert shapes(report)[0] == [1, 17, None, 64]


def test_several_input_shapes_are_named(client: CheckedClient) -> None:
    network = {
        "inputs": {"a": [None, 4], "b": [None, 4]},
        "layers": [{"type": "Add", "inputs": ["a", "b"]}],
    }
    report = client.infer(network, '?input_shape={"a":[2,5],"b":[2,5]}').get_json()
    assert shapes(report) == [[2, 5]]


def test_unknown_layers_can_be_taken_as_identity(client: CheckedClient) -> None:
    network = {"input_shape": [None, 4, 4, 1], "layers": [{"type": "Mystery", "power": 3}]}
    assert client.infer(network).status_code == 422
    report = client.infer(network, "?unknown_layers=identity").get_json()
    assert shapes(report) == [[None, 4, 4, 1]]
    assert [note["code"] for note in report["layers"][0]["notes"]] == ["unknown_layer"]


def keras_file(network: Any) -> bytes:
    """A `.keras` file that holds nothing but the model's configuration."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", orjson.dumps(network))
    return file.getvalue()


BODIES = {
    "JSON": (orjson.dumps(KERAS), "application/json"),
    "JSON with a charset": (orjson.dumps(KERAS), "application/json; charset=utf-8"),
    "JSON as a raw body": (orjson.dumps(KERAS), "application/octet-stream"),
    ".keras as a raw body": (keras_file(KERAS), "application/octet-stream"),
}


@pytest.mark.parametrize("body", BODIES)
def test_the_form_is_told_by_content(client: CheckedClient, body: str) -> None:
    data, content_type = BODIES[body]
    response = client.send("POST", "/v1/infer", data=data, content_type=content_type)
    assert response.get_json()["layers"] == client.infer(KERAS).get_json()["layers"]


@pytest.mark.parametrize("file", [(io.BytesIO, "model.keras"), (io.BytesIO, "")])
def test_a_form_brings_a_file(client: CheckedClient, file: Any) -> None:
    make, name = file
    form = {"file": (make(keras_file(KERAS)), name)}
    response = client.send("POST", "/v1/infer", data=form, content_type="multipart/form-data")
    assert shapes(response.get_json()) == [[None, 10]]


def test_a_wrong_data_format_is_told_once_and_where_it_stands(client: CheckedClient) -> None:
    layers = [{"type": "Conv2D", "filters": 1, "kernel_size": 1}] * 2
    stack = {"input_shape": [None, 4, 4, 3], "layers": layers, "data_format": "NHWC"}
    errors = client.infer(stack).get_json()["errors"]
    assert [error["pointer"] for error in errors] == ["/data_format"]


def test_a_layer_reads_a_bounded_number_of_tensors(client: CheckedClient) -> None:
    stack = {"input_shape": [None, 4], "layers": [{"type": "Add", "inputs": ["input"] * 9000}]}
    (error,) = client.infer(stack).get_json()["errors"]
    assert error["pointer"].startswith("/layers/0/inputs/")
    assert "4096" in error["detail"]
