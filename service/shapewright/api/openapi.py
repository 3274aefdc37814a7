"""The OpenAPI document, made of the table of endpoints and the schemas.

`python -m shapewright.api.openapi` prints it as YAML.
"""

from __future__ import annotations

import inspect
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import orjson
import yaml
from apispec import APISpec

import shapewright
from shapewright.api import content
from shapewright.api.endpoint import ALWAYS, Endpoint
from shapewright.api.endpoints import ENDPOINTS
from shapewright.api.examples import misfit
from shapewright.api.kinds import BUSY, INTERNAL, SHAPE_MISMATCH, Kind
from shapewright.api.problems import MEDIA_TYPE
from shapewright.api.request import REQUEST_ID
from shapewright.api.schemas import SCHEMAS
from shapewright.api.schemas.build import Schema, ref

DESCRIPTION: Final = """\
Shape inference as a service: what really happens to the data in a neural network, layer by layer.
"""

TAGS: Final = (
    {"name": "networks", "description": "What happens in a network."},
    {"name": "catalogue", "description": "What layer types and problems there are."},
    {"name": "service", "description": "How the service is, and this document."},
)


RETRY_AFTER: Final = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
}
LICENSE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}

REQUEST_ID_PARAMETER: Final = {
    "name": REQUEST_ID,
    "description": "An id for this request, repeated in the answer and in the log. One is made up "
    "where it is left out, longer than 128 characters, or holds unusual ones.",
    "schema": {"type": "string"},
}
REQUEST_ID_HEADER: Final = {
    "description": "The id of this request.",
    "required": True,
    "schema": {"type": "string"},
}


@cache
def document(*left_out: str) -> dict[str, Any]:
    """The whole document, but for the endpoints of these names."""
    spec = APISpec(
        title="Shapewright",
        version=shapewright.__version__,
        openapi_version="3.1.0",
        info={"description": DESCRIPTION, "license": LICENSE},
        tags=list(TAGS),
    )
    for name, schema in SCHEMAS.items():
        spec.components.schema(name, schema)
    spec.components.parameter("RequestId", "header", REQUEST_ID_PARAMETER)
    spec.components.header("RequestId", REQUEST_ID_HEADER)
    for endpoint in (e for e in ENDPOINTS if e.name not in left_out):
        spec.path(endpoint.path, operations={endpoint.method.lower(): operation(endpoint)})
    return spec.to_dict()


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """One call in the document; its words are the view's docstring."""
    summary, _, description = (inspect.getdoc(endpoint.view) or "").partition("\n\n")
    varying = [_place(name, schema) for name, schema in endpoint.places.items()]
    return {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": summary,
        **({"description": description} if description else {}),
        "parameters": [*varying, *(query.openapi() for query in endpoint.query), "RequestId"],
        **({"requestBody": _body(endpoint)} if endpoint.reads else {}),
        "responses": _responses(endpoint),
    }


def _place(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _body(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "required": True,
        "content": {
            media: {"schema": schema, **endpoint.sent(media)}
            for media, schema in endpoint.reads.items()
        },
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    by_status: dict[int, list[Kind]] = defaultdict(list)
    for kind in (*endpoint.problems, *ALWAYS, INTERNAL):
        by_status[kind.status].append(kind)
    problems = {str(status): _problem(by_status[status]) for status in sorted(by_status)}
    return {"200": _good(endpoint), **problems}


def _good(endpoint: Endpoint) -> dict[str, Any]:
    said = {
        name: {"description": doc, "schema": {"type": "string"}}
        for name, doc in endpoint.says.items()
    }
    return {
        "description": "The answer.",
        "headers": {REQUEST_ID: "RequestId", **said},
        "content": {
            media: {"schema": schema, **endpoint.given(media)}
            for media, schema in endpoint.produces.items()
        },
    }


def _problem(kinds: Sequence[Kind]) -> dict[str, Any]:
    shown = {"examples": {"misfit": misfit()}} if SHAPE_MISMATCH in kinds else {}
    return {
        "description": " ".join(f"{kind.title} (`{kind.code}`)." for kind in kinds),
        "headers": {REQUEST_ID: "RequestId", **(RETRY_AFTER if BUSY in kinds else {})},
        "content": {MEDIA_TYPE: {"schema": ref("Problem"), **shown}},
    }


class _Dumper(yaml.SafeDumper):
    """YAML without aliases, which few readers of such documents expect."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def document_yaml(*left_out: str) -> str:
    """The document as YAML."""
    return yaml.dump(
        document(*left_out), Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True
    )


def documents(*left_out: str) -> Mapping[str, bytes]:
    """The document in each media type."""
    return {
        content.JSON: orjson.dumps(document(*left_out)),
        content.YAML: document_yaml(*left_out).encode(),
    }


if __name__ == "__main__":
    sys.stdout.write(document_yaml())
