"""Layers and arrays in each of the forms in which they can be sent."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import orjson
from werkzeug.test import TestResponse

from tests.api.checked import CheckedClient

JSON, FORM = "application/json", "multipart/form-data"
NPY, NPZ = "application/x-npy", "application/x-npz"


def npy(array: Any) -> bytes:
    """What numpy itself writes."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**members: Any) -> bytes:
    """What numpy itself writes, packed."""
    file = io.BytesIO()
    np.savez_compressed(file, **members)
    return file.getvalue()


def loaded(data: bytes) -> Any:
    """What numpy itself reads."""
    return np.load(io.BytesIO(data), allow_pickle=False)


def lists(array: Any) -> dict[str, Any]:
    """An array as JSON has it."""
    plain = np.ascontiguousarray(array)
    pairs = plain.view(plain.real.dtype).reshape(*plain.shape, 2) if plain.dtype.kind == "c" else 0
    data = pairs if plain.dtype.kind == "c" else plain
    return {"dtype": plain.dtype.name, "shape": list(array.shape), "data": data.tolist()}


def form_of(layer: Any, **files: bytes) -> dict[str, Any]:
    """A form with a layer and files."""
    return {
        "layer": json.dumps(layer),
        **{k: (io.BytesIO(v), f"{k}.npy") for k, v in files.items()},
    }


def as_form(layer: Any, arrays: Any) -> dict[str, Any]:
    return {
        "data": form_of(layer, **{name: npy(array) for name, array in arrays.items()}),
        "content_type": FORM,
    }


def as_form_with_archive(layer: Any, arrays: Any) -> dict[str, Any]:
    return {"data": form_of(layer, arrays=npz(**arrays)), "content_type": FORM}


def as_archive(layer: Any, arrays: Any) -> dict[str, Any]:
    return {"data": npz(layer=json.dumps(layer), **arrays), "content_type": NPZ}


def as_json(layer: Any, arrays: Any) -> dict[str, Any]:
    document = {"layer": layer, **{name: lists(array) for name, array in arrays.items()}}
    return {"data": orjson.dumps(document), "content_type": JSON}


SENT = {"form": as_form, "form with npz": as_form_with_archive, "npz": as_archive, "json": as_json}


def convolve(
    client: CheckedClient,
    layer: Any,
    accept: str | None = None,
    query: str = "",
    sent: str = "form",
    checked: bool = True,
    **arrays: Any,
) -> TestResponse:
    """Have a layer run on arrays; to check an answer takes long if it is long."""
    headers = {} if accept is None else {"Accept": accept}
    request = SENT[sent](layer, arrays)
    path = f"/v1/convolve{query}"
    if checked:
        return client.send("POST", path, headers=headers, **request)
    return client.client.post(path, headers=headers, **request)
