"""The catalogue: every layer type, its parameters as JSON Schema, its source."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shapewright.vocabularies.frameworks import VOCABULARIES
from tests.api.checked import CheckedClient

TYPES = [(framework, name) for framework, v in VOCABULARIES.items() for name in v.types]


@pytest.mark.parametrize(("framework", "name"), TYPES, ids=map("-".join, TYPES))
def test_every_layer_type_is_told(client: CheckedClient, framework: str, name: str) -> None:
    entry = client.get(f"/v1/layers/{framework}/{name}").get_json()
    assert (entry["framework"], entry["type"]) == (framework, name)
    assert entry["summary"]
    assert entry["source"].startswith("https://")
    Draft202012Validator.check_schema(entry["parameters"])
    assert_defaults_hold(entry["parameters"]["properties"])


def assert_defaults_hold(properties: dict[str, Any]) -> None:
    for name, schema in properties.items():
        if "default" in schema:
            faults = list(Draft202012Validator(schema).iter_errors(schema["default"]))
            assert not faults, f"{name}: {faults}"


def test_the_list_holds_them_all(client: CheckedClient) -> None:
    layers = client.get("/v1/layers").get_json()["layers"]
    assert sorted((layer["framework"], layer["type"]) for layer in layers) == sorted(TYPES)
    assert all(client.get(layer["href"]).status_code == 200 for layer in layers[:3])


@pytest.mark.parametrize("framework", VOCABULARIES)
def test_one_framework(client: CheckedClient, framework: str) -> None:
    layers = client.get(f"/v1/layers?framework={framework}").get_json()["layers"]
    assert [layer["type"] for layer in layers] == sorted(VOCABULARIES[framework].types)


def test_a_parameter_is_told_with_bounds_default_and_words(client: CheckedClient) -> None:
    parameters = client.get("/v1/layers/keras/Conv2D").get_json()["parameters"]
    assert parameters["required"] == ["filters", "kernel_size"]
    assert parameters["properties"]["filters"]["minimum"] == 1
    assert parameters["properties"]["strides"]["default"] == [1, 1]
    assert parameters["properties"]["use_bias"]["description"]


def test_another_name_leads_to_the_same_type(client: CheckedClient) -> None:
    assert client.get("/v1/layers/keras/MaxPool2D").get_json()["type"] == "MaxPooling2D"


UNKNOWN = {
    "/v1/layers/keras/conv2d": "Conv2D",
    "/v1/layers/keras/MaxPooling": "MaxPooling2D",
    "/v1/layers/jax/Conv2D": "keras",
    "/v1/layers/keras/..": "",
    "/v1/layers/keras/%2e%2e": "",
    "/v1/layers/keras/%2e%2e%2f%2e%2e%2fetc%2fpasswd": "",
    "/v1/layers/keras/../../../etc/passwd": "",
    "/v1/layers/keras/%00": "",
    "/v1/layers/keras/__class__": "",
    "/v1/layers/keras/" + "x" * 5000: "",
}


@pytest.mark.parametrize("path", UNKNOWN, ids=lambda path: path[:50])
def test_unknown_ones_are_not_found(client: CheckedClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert UNKNOWN[path] in response.get_json()["detail"]
    assert len(response.text) < 1000


def test_an_unknown_framework_in_the_query(client: CheckedClient) -> None:
    assert client.get("/v1/layers?framework=jax").status_code == 422
