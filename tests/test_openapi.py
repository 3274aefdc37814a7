"""The OpenAPI document: valid, fresh, and true."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from shapewright.api.app import create_app
from shapewright.api.endpoints import ENDPOINTS
from shapewright.api.examples import EXAMPLES, MISFIT
from shapewright.api.openapi import document, document_yaml
from tests.api.checked import CheckedClient, faults

COMMITTED = Path(__file__).parents[1] / "openapi.yaml"


@pytest.fixture(scope="module")
def client() -> CheckedClient:
    return CheckedClient(create_app())


def test_the_document_is_valid() -> None:
    errors = [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()]
    assert not errors


def test_the_committed_document_is_fresh() -> None:
    assert COMMITTED.read_text("utf-8") == document_yaml(), "run `make docs`"


def test_the_service_shows_the_document(client: CheckedClient) -> None:
    assert client.get("/openapi.json").get_json() == document()
    assert yaml.safe_load(client.get("/openapi.yaml").text) == document()


def test_every_endpoint_is_in_the_document() -> None:
    documented = {(m.upper(), path) for path, ms in document()["paths"].items() for m in ms}
    assert documented == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    names = [
        operation["operationId"] for ms in document()["paths"].values() for operation in ms.values()
    ]
    assert len(set(names)) == len(names)


def test_every_example_is_what_the_schemas_want() -> None:
    components = document()["components"]
    for example in EXAMPLES:
        assert not faults({"$ref": "#/components/schemas/Network"}, example.network, components)


def test_the_documented_problem_is_given(client: CheckedClient) -> None:
    responses = document()["paths"]["/v1/infer"]["post"]["responses"]
    shown = responses["422"]["content"]["application/problem+json"]["examples"]["misfit"]["value"]
    headers = {"X-Request-ID": shown["request_id"]}
    assert client.infer(MISFIT, headers=headers).get_json() == shown
