"""The table of endpoints: routes, views and the OpenAPI document all come from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from shapewright.api import convolve_example, examples, queries, views
from shapewright.api.arrays import FORM_PARTS
from shapewright.api.content import BINARY, FILE, FORM, JSON, NDJSON, NPY, NPZ, TEXT, YAML
from shapewright.api.convolve import convolve
from shapewright.api.convolved import AGREES_HEADER, LAYER_HEADER
from shapewright.api.endpoint import Endpoint
from shapewright.api.kinds import (
    ARRAY_MISMATCH,
    BAD_REQUEST,
    BUSY,
    CANNOT_RUN,
    INVALID_DOCUMENT,
    KINDS,
    NOT_FOUND,
    SHAPE_MISMATCH,
    TOO_LARGE,
    UNREADABLE,
    UNREADABLE_ARRAY,
    UNSUPPORTED_MEDIA_TYPE,
)
from shapewright.api.schemas.build import Schema, obj, ref, text, word
from shapewright.api.views import Asked
from shapewright.vocabularies.frameworks import VOCABULARIES


def _get(
    path: str, view: Callable[[Asked], bytes], schema: Schema, tag: str, **more: Any
) -> Endpoint:
    return Endpoint("GET", path, view, {JSON: schema}, tag, **more)


UNREAD: Final = (BAD_REQUEST, UNREADABLE, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE)
"""What every endpoint can answer that reads a body."""

KERAS_FILE: Final = text("A `.keras` file, or JSON.", format="binary")
FORM_WITH_FILE: Final = obj("A form.", {FILE: text("The document.", format="binary")}, closed=True)
NPY_ANSWER: Final = text("The output as a `.npy` file.", format="binary")
NPZ_ANSWER: Final = text(
    "A `.npz` file with `output`, with `mask` if it was asked for, and with `report`: the rest of "
    "the JSON answer as one text.",
    format="binary",
)
NPZ_SENT: Final = text(
    "A `.npz` file of the arrays, and of `layer`: its JSON as one text.", format="binary"
)
CONVOLVE_HEADERS: Final = {
    LAYER_HEADER: f"With {NPY}: the layer's entry as JSON, without what is too long.",
    AGREES_HEADER: f"With {NPY}: whether the computed shape is the predicted one.",
}
NETWORK_LINES: Final = text("One `Network` a line.")
RESULT_LINES: Final = text("One `BatchResult` a line, in the order of the networks.")

ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/v1/infer",
        views.infer,
        {JSON: ref("Report"), TEXT: text("A table for the terminal.")},
        "networks",
        query=(queries.DETAIL, queries.INPUT_SHAPE, queries.UNKNOWN_LAYERS, queries.LOCATE),
        reads={JSON: ref("Network"), BINARY: KERAS_FILE, FORM: FORM_WITH_FILE},
        problems=(*UNREAD, INVALID_DOCUMENT, SHAPE_MISMATCH),
        sent=examples.networks,
        given=examples.reports,
    ),
    Endpoint(
        "POST",
        "/v1/infer/batch",
        views.infer_batch,
        {JSON: ref("BatchAnswer"), NDJSON: RESULT_LINES},
        "networks",
        query=(queries.SHORT_DETAIL, queries.UNKNOWN_LAYERS),
        reads={JSON: ref("Batch"), NDJSON: NETWORK_LINES},
        problems=(*UNREAD, INVALID_DOCUMENT),
        mirrors=True,
    ),
    Endpoint(
        "POST",
        "/v1/convolve",
        convolve,
        {JSON: ref("Convolved"), NPY: NPY_ANSWER, NPZ: NPZ_ANSWER},
        "networks",
        query=(queries.MASK, queries.IMPULSE),
        reads={JSON: ref("Convolve"), FORM: ref("ConvolveForm"), NPZ: NPZ_SENT},
        parts=FORM_PARTS,
        problems=(
            *(*UNREAD, UNREADABLE_ARRAY, INVALID_DOCUMENT, SHAPE_MISMATCH),
            *(ARRAY_MISMATCH, CANNOT_RUN, BUSY),
        ),
        says=CONVOLVE_HEADERS,
        sent=convolve_example.arrays,
        given=convolve_example.convolved,
        heavy=True,
        switch="convolve",
    ),
    _get(
        "/v1/layers", views.list_layers, ref("LayerTypes"), "catalogue", query=(queries.FRAMEWORK,)
    ),
    _get(
        "/v1/layers/{framework}/{type}",
        views.show_layer,
        ref("LayerType"),
        "catalogue",
        places={
            "framework": word(*VOCABULARIES),
            "type": text("Its name, or another name for it.", examples=["Conv2D"]),
        },
        problems=(NOT_FOUND,),
    ),
    _get(
        "/problems/{kind}",
        views.show_problem,
        ref("ProblemKind"),
        "catalogue",
        places={"kind": word(*(kind.name for kind in KINDS))},
        problems=(NOT_FOUND,),
    ),
    _get("/openapi.json", views.openapi_json, {"type": "object"}, "service"),
    Endpoint("GET", "/openapi.yaml", views.openapi_yaml, {YAML: {"type": "object"}}, "service"),
    _get("/healthz", views.check_health, ref("Status"), "service"),
    _get("/readyz", views.check_readiness, ref("Status"), "service"),
    Endpoint(
        "GET",
        "/metrics",
        views.show_metrics,
        {TEXT: text("The text format of Prometheus.")},
        "service",
        variant="; version=0.0.4",
    ),
)
