"""A test client that holds every request and every response to the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from shapewright.api.openapi import document

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def closed(schema: Any) -> Any:
    """The schema without the freedom to add properties: what is answered must be documented."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {"additionalProperties": False} if "properties" in schema else {}
    return {**shut, **{key: closed(value) for key, value in schema.items()}}


def faults(schema: Mapping[str, Any], value: Any, components: Mapping[str, Any]) -> list[str]:
    """What jsonschema has against a value."""
    validator = Draft202012Validator({**schema, "components": components})
    return [f"{error.json_path}: {error.message:.300}" for error in validator.iter_errors(value)]


class CheckedClient:
    """Sends requests to an application and fails where the document is not true."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.document = document()
        self.components = self.document["components"]
        self.answers = closed(self.components)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def infer(self, network: Any, query: str = "", **more: Any) -> TestResponse:
        """Send a network as JSON."""
        body = network if isinstance(network, bytes) else orjson.dumps(network)
        more.setdefault("content_type", "application/json")
        return self.send("POST", f"/v1/infer{query}", data=body, **more)

    def send(self, method: str, path: str, **more: Any) -> TestResponse:
        response = self.client.open(path, method=method, **more)
        operation = self.operation(method, urlsplit(path).path)
        assert response.headers["X-Request-ID"]
        if operation is None:
            assert response.status_code in (204, 404, 405)
            self.check_body(response, PROBLEM if response.status_code != 204 else {})
            return response
        documented = operation["responses"].get(str(response.status_code))
        assert documented, f"{method} {path} answered {response.status}, which no one expects"
        self.check_body(response, documented["content"])
        if response.status_code == 200:
            self.check_query(operation, path)
            self.check_request(operation, more)
        return response

    def operation(self, method: str, path: str) -> Any:
        """The document's words on a call."""
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return operations.get("get" if method == "HEAD" else method.lower())
        return None

    def check_body(self, response: TestResponse, content: Mapping[str, Any]) -> None:
        """The body is of a documented type and as that type's schema wants it."""
        if not content or response.request.method == "HEAD":
            assert response.data == b""
            return
        assert response.mimetype in content, response.text
        plain = response.mimetype.endswith(("/json", "+json"))
        value = response.get_json() if plain else response.data.decode("latin-1")
        for line in response.data.splitlines() if "ndjson" in response.mimetype else ():
            result = orjson.loads(line)
            found = faults({"$ref": "#/components/schemas/BatchResult"}, result, self.answers)
            assert not found, found
        if "yaml" not in response.mimetype:
            found = faults(content[response.mimetype]["schema"], value, self.answers)
            assert not found, found

    def check_query(self, operation: Mapping[str, Any], path: str) -> None:
        """What was accepted is what the document lets in: the query."""
        parameters = [
            self.components["parameters"][item["$ref"].split("/")[-1]] if "$ref" in item else item
            for item in operation["parameters"]
        ]
        known = {item["name"]: item for item in parameters if item["in"] == "query"}
        for name, text in parse_qsl(urlsplit(path).query):
            parameter = known[name]
            json = parameter.get("content", {}).get("application/json")
            schema = (json or parameter)["schema"]
            value = orjson.loads(text) if json or schema.get("type") == "boolean" else text
            assert not faults(schema, value, self.components)

    def check_request(self, operation: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
        """What was accepted is what the document lets in: the body."""
        if sent.get("content_type") == "application/json" and "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert not faults(schema, orjson.loads(sent["data"]), self.components)
