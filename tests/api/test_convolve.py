"""Layers on arrays: what comes out, what is said of it, and what is refused."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from shapewright.api.app import create_app
from shapewright.api.convolved import LONGEST_HEADER
from shapewright.api.openapi import document
from shapewright.api.settings import Settings
from shapewright.numeric.plans import Plan
from shapewright.running.run import LAYOUTS
from shapewright.vocabularies.frameworks import VOCABULARIES
from tests.api.checked import CheckedClient
from tests.api.sending import (
    FORM,
    JSON,
    NPY,
    NPZ,
    SENT,
    as_archive,
    convolve,
    form_of,
    lists,
    loaded,
    npy,
    npz,
)

CONV: dict[str, Any] = {"type": "Conv2D"}
TORCH: dict[str, Any] = {"framework": "torch", "type": "Conv2d"}
X = np.arange(2 * 5 * 4 * 3, dtype=np.int32).reshape(2, 5, 4, 3)
K = np.arange(3 * 3 * 3 * 2, dtype=np.int32).reshape(3, 3, 3, 2) - 20
XT, KT = X.transpose(0, 3, 1, 2), K.transpose(3, 2, 0, 1)
ARRAYS = {"input": X, "kernel": K}


def naive(x: Any, k: Any) -> Any:
    """A plain convolution of what is padded already, by its definition."""
    height, width = x.shape[1] - k.shape[0] + 1, x.shape[2] - k.shape[1] + 1
    return np.array(
        [
            [np.tensordot(x[:, i : i + k.shape[0], j : j + k.shape[1]], k, 3) for j in range(width)]
            for i in range(height)
        ]
    ).transpose(2, 0, 1, 3)


def output(response: Any) -> Any:
    assert response.status_code == 200, response.text
    told = response.get_json()["output"]
    return np.array(told["data"], told["dtype"]).reshape(told["shape"])


def codes(response: Any) -> list[str]:
    return [note["code"] for note in response.get_json()["layer"]["notes"]]


# ---- forms and answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("accept", [None, JSON, NPY, NPZ, "*/*"])
def test_every_form_is_answered_in_every_type(
    client: CheckedClient, sent: str, accept: str | None
) -> None:
    """JSON where nobody minds, even if an archive was sent."""
    response = convolve(client, CONV, accept, sent=sent, **ARRAYS)
    assert response.status_code == 200, response.text
    assert response.mimetype == (JSON if accept in (None, "*/*") else accept)
    members = loaded(response.data) if response.mimetype in (NPY, NPZ) else None
    made = {JSON: lambda: output(response), NPY: lambda: members, NPZ: lambda: members["output"]}
    result = made[response.mimetype]()
    np.testing.assert_array_equal(result, naive(X, K))
    assert result.dtype == np.int32


def test_an_answer_in_json(client: CheckedClient) -> None:
    """The entry is the one that the report of the whole layer has."""
    told = convolve(client, {**CONV, "name": "it"}, bias=np.zeros(2), **ARRAYS).get_json()
    layer = {**CONV, "name": "it", "filters": 2, "kernel_size": 3}
    report = client.infer({"input_shape": list(X.shape), "layers": [layer]}).get_json()
    assert told["layer"] == report["layers"][0]
    assert told["shape_agrees"] is True
    assert told["output"]["shape"] == [2, 3, 2, 2]
    assert told["output"]["dtype"] == "float64"
    assert set(told) == {"output", "layer", "shape_agrees"}


def test_an_answer_in_npy_tells_the_rest_in_headers(client: CheckedClient) -> None:
    response = convolve(client, CONV, NPY, **ARRAYS)
    assert json.loads(response.headers["Shapewright-Shape-Agrees"]) is True
    entry = json.loads(response.headers["Shapewright-Layer"])
    assert entry == convolve(client, CONV, JSON, **ARRAYS).get_json()["layer"]


@pytest.mark.parametrize("name", ["x" * 256, "\x7f\r\n: ", "𝄞" * 256, "ä"])
def test_headers_hold_any_name(client: CheckedClient, name: str) -> None:
    """In printable ASCII and no longer than proxies take; what is too long is left out."""
    layer = {"type": "Conv3D", "name": name, "strides": 2, "padding": "same"}
    arrays = {
        "input": np.ones((1, 90, 80, 70, 1), "i1"),
        "kernel": np.ones((30, 30, 3, 1, 1), "i1"),
    }
    response = convolve(client, layer, NPY, **arrays)
    text = response.headers["Shapewright-Layer"]
    assert text.isascii() and text.isprintable() and len(text) <= LONGEST_HEADER
    entry = json.loads(text)
    assert (entry["name"], entry["output_shapes"]) == (name, [[1, 45, 40, 35, 1]])


def test_an_answer_in_npz_has_all_of_it(client: CheckedClient) -> None:
    members = loaded(convolve(client, CONV, NPZ, "?mask=true&impulse=true", **ARRAYS).data)
    told = convolve(client, CONV, JSON, "?mask=true&impulse=true", **ARRAYS).get_json()
    assert members.files == ["output", "mask", "report"]
    assert members["mask"].tolist() == told["mask"]["data"]
    rest = {name: told[name] for name in ("layer", "shape_agrees", "impulse")}
    assert json.loads(str(members["report"])) == rest


def test_mask_counts_the_taps_on_data(client: CheckedClient) -> None:
    told = convolve(client, {**CONV, "padding": "same"}, query="?mask=true", **ARRAYS).get_json()
    assert told["mask"]["data"][:2] == [[4, 6, 6, 4], [6, 9, 9, 6]]
    assert told["mask"]["shape"] == [5, 4]


def torch_conv(**more: Any) -> dict[str, Any]:
    return {"framework": "torch", "type": "Conv1d", "stride": 2, "padding": 2, **more}


LINE = {"input": np.arange(5.0).reshape(1, 1, 5), "kernel": np.ones((1, 1, 3))}
IMPULSES: dict[str, tuple[dict[str, Any], dict[str, Any], list[Any]]] = {
    "zeros": (torch_conv(), LINE, [[None, None, 0], [2, 3, 4], [4, None, None]]),
    "reflect": (torch_conv(padding_mode="reflect"), LINE, [[2, 1, 0], [2, 3, 4], [4, 3, 2]]),
    "replicate": (torch_conv(padding_mode="replicate"), LINE, [[0, 0, 0], [2, 3, 4], [4, 4, 4]]),
    "circular": (torch_conv(padding_mode="circular"), LINE, [[3, 4, 0], [2, 3, 4], [4, 0, 1]]),
    "causal": (
        {"type": "Conv1D", "padding": "causal", "dilation_rate": 2},
        {"input": np.ones((1, 5, 1)), "kernel": np.ones((3, 1, 1))},
        [[None, None, 0], [None, 0, 2], [0, 2, 4]],
    ),
    "transposed": (
        {"framework": "torch", "type": "ConvTranspose1d", "stride": 2, "padding": 1},
        LINE,
        [[None, 0, None], [None, 2, None], [None, 4, None]],
    ),
    "pool": (
        {"type": "MaxPooling1D", "pool_size": 2, "padding": "same"},
        {"input": np.ones((1, 5, 1))},
        [[0, 1], [2, 3], [4, None]],
    ),
}


@pytest.mark.parametrize("case", IMPULSES)
def test_impulse_follows_the_taps(client: CheckedClient, case: str) -> None:
    layer, arrays, expected = IMPULSES[case]
    told = convolve(client, layer, query="?impulse=true", **arrays).get_json()
    (axis,) = told["impulse"]
    assert [window["reads"] for window in axis["windows"]] == expected
    assert axis["axis"] == told["layer"]["input_shapes"][0].index(5)


# ---- layers --------------------------------------------------------------------------------------


def test_separable(client: CheckedClient) -> None:
    depthwise, pointwise = np.ones((2, 2, 3, 2)), np.ones((1, 1, 6, 4))
    kernels = {"depthwise_kernel": depthwise, "pointwise_kernel": pointwise}
    response = convolve(
        client, {"type": "SeparableConv2D", "depth_multiplier": 2}, input=X, **kernels
    )
    assert output(response).shape == (2, 4, 3, 4)
    assert response.get_json()["layer"]["weights"] == {
        "depthwise_kernel": [2, 2, 3, 2],
        "pointwise_kernel": [1, 1, 6, 4],
        "bias": [4],
    }


def test_a_single_sample_of_torch(client: CheckedClient) -> None:
    result = output(convolve(client, TORCH, input=XT[0], kernel=KT))
    np.testing.assert_array_equal(result, naive(X, K)[0].transpose(2, 0, 1))


@pytest.mark.parametrize("kind", ["GlobalMaxPooling2D", "GlobalAveragePooling2D"])
def test_global_pools(client: CheckedClient, kind: str) -> None:
    result = output(convolve(client, {"type": kind}, input=X))
    reduce = np.max if "Max" in kind else np.mean
    np.testing.assert_array_equal(result, reduce(X, axis=(1, 2)))


def test_channels_first_of_keras(client: CheckedClient) -> None:
    layer = {**CONV, "data_format": "channels_first"}
    result = output(convolve(client, layer, input=XT, kernel=K))
    np.testing.assert_array_equal(result, naive(X, K).transpose(0, 3, 1, 2))


def test_an_activation_is_told_but_not_applied(client: CheckedClient) -> None:
    arrays = {"input": X, "kernel": -abs(K), "bias": np.ones(2)}
    response = convolve(client, {**CONV, "activation": "relu"}, **arrays)
    assert codes(response) == ["activation_left_out"]
    assert output(response).min() < 0
    layer = {**CONV, "activation": "glu"}
    assert convolve(client, layer, **ARRAYS).get_json()["shape_agrees"]


def test_a_bias_that_is_not_sent_is_not_added(client: CheckedClient) -> None:
    assert codes(convolve(client, CONV, **ARRAYS)) == ["bias_left_out"]
    assert codes(convolve(client, {**CONV, "use_bias": False}, **ARRAYS)) == []
    added = output(convolve(client, CONV, bias=np.array([1, 10], "i4"), **ARRAYS))
    np.testing.assert_array_equal(added, naive(X, K) + np.array([1, 10]))


def test_every_framework_has_a_layout() -> None:
    assert set(VOCABULARIES) <= set(LAYOUTS)


# ---- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype", [f"{end}{kind}" for end in "<>" for kind in ("i1", "u8", "f2", "c8")]
)
@pytest.mark.parametrize("sent", SENT)
def test_types_come_through(client: CheckedClient, sent: str, dtype: str) -> None:
    """In the machine's own byte order."""
    kernel = np.array([[[1, 0], [0, 2]]], dtype)
    numbers = np.asfortranarray(np.array([[[1, 2], [3, 4]]], dtype))
    if dtype.endswith("c8"):
        numbers = numbers * np.array(1j, dtype)
    response = convolve(client, {"type": "Conv1D"}, NPY, sent=sent, input=numbers, kernel=kernel)
    result = loaded(response.data)
    np.testing.assert_array_equal(result, numbers * [1, 2])
    assert result.dtype == np.dtype(dtype).newbyteorder("=") and result.dtype.isnative


def test_complex_numbers_in_json(client: CheckedClient) -> None:
    numbers = {"input": np.array([[[1 + 2j]]]), "kernel": np.array([[[1j]]])}
    told = convolve(client, {"type": "Conv1D"}, sent="json", **numbers).get_json()["output"]
    assert told == {"shape": [1, 1, 1], "dtype": "complex128", "data": [[[[-2.0, 1.0]]]]}


def test_what_is_no_number_is_null_in_json(client: CheckedClient) -> None:
    numbers = np.array([[[np.nan], [np.inf], [-np.inf], [1]]])
    layer, kernel = {"type": "Conv1D"}, np.ones((1, 1, 1))
    told = convolve(client, layer, input=numbers, kernel=kernel).get_json()["output"]
    assert told["data"] == [[[None], [None], [None], [1.0]]]
    kept = loaded(convolve(client, layer, NPY, input=numbers, kernel=kernel).data)
    np.testing.assert_array_equal(kept, numbers)


@pytest.mark.parametrize("shape", [(0, 5, 4, 3), (1, 0, 4, 3), (1, 5, 0, 3)])
def test_empty_axes(client: CheckedClient, shape: tuple[int, ...]) -> None:
    layer = {**CONV, "padding": "same"}
    for sent in SENT:
        result = convolve(client, layer, sent=sent, input=np.zeros(shape), kernel=K).get_json()
        assert result["output"]["shape"] == [*shape[:3], 2]
        assert np.array(result["output"]["data"]).size == 0


JSON_ARRAYS: dict[str, tuple[Any, Any]] = {
    "nested": ([[[1], [2]]], [[[3]]]),
    "floats": ([[[1.5], [2.0]]], [[[2]]]),
    "typed": ({"dtype": "uint8", "data": [[[1], [200]]]}, {"dtype": "uint8", "data": [[[2]]]}),
    "flat": ({"shape": [1, 2, 1], "data": [1, 2]}, {"shape": [1, 1, 1], "data": [3]}),
}


@pytest.mark.parametrize("case", JSON_ARRAYS)
def test_arrays_in_json(client: CheckedClient, case: str) -> None:
    numbers, kernel = JSON_ARRAYS[case]
    body = {"layer": {"type": "Conv1D"}, "input": numbers, "kernel": kernel}
    response = client.send("POST", "/v1/convolve", data=json.dumps(body), content_type=JSON)
    expected = {"floats": [3.0, 4.0], "typed": [2, 144]}.get(case, [3, 6])
    assert output(response).ravel().tolist() == expected


# ---- what is refused -----------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], int, str, str, str]] = {
    # what: layer, arrays, status, code, pointer, message
    "filters": (
        {**CONV, "filters": 3},
        ARRAYS,
        *(422, "invalid_document", "/layer/filters", "says 3, but kernel (3, 3, 3, 2) has 2"),
    ),
    "kernel_size": (
        {**CONV, "kernel_size": 5},
        ARRAYS,
        *(422, "invalid_document", "/layer/kernel_size", "5, but kernel (3, 3, 3, 2) has [3, 3]"),
    ),
    "in_channels": (
        {**TORCH, "in_channels": 4},
        {"input": XT, "kernel": KT},
        *(422, "invalid_document", "/layer/in_channels", "says 4, but input (2, 3, 5, 4) has 3"),
    ),
    "a parameter": (
        {**CONV, "strides": 0},
        ARRAYS,
        *(422, "invalid_document", "/layer/strides", "needs an integer >= 1"),
    ),
    "another framework": (
        {**CONV, "framework": "caffe"},
        ARRAYS,
        *(422, "invalid_document", "/layer/framework", "is one of"),
    ),
    "no layer": (3, ARRAYS, 422, "invalid_document", "/layer", "needs a layer"),  # type: ignore[dict-item]
    "no type": ({}, ARRAYS, 422, "invalid_document", "/layer/type", "needs a `type`"),
    "no kernel": (CONV, {"input": X}, 422, "invalid_document", "/kernel", "`kernel`, got none"),
    "no input": (CONV, {"kernel": K}, 422, "invalid_document", "/input", "`input`, got none"),
    "axes of the kernel": (
        CONV,
        {"input": X, "kernel": K[0]},
        *(422, "invalid_document", "/kernel", "kernel with 4 axes, got (3, 3, 2)"),
    ),
    "no taps": (
        CONV,
        {"input": X, "kernel": K[:0]},
        *(422, "invalid_document", "/kernel", "tells `kernel_size`, which needs an integer >= 1"),
    ),
    "axes of the input": (
        TORCH,
        {"input": XT[0, 0], "kernel": KT},
        *(422, "invalid_document", "/input", "input with 3 or 4 axes, got (5, 4)"),
    ),
    "no axes": (
        {"type": "MaxPooling2D"},
        {"input": np.array(1)},
        *(422, "invalid_document", "/input", "a shape has 1 to 16 axes, got 0"),
    ),
    "a window that does not fit": (
        {**CONV, "dilation_rate": 3},
        ARRAYS,
        *(422, "shape_mismatch", "/layer/kernel_size", "the window spans 7 elements"),
    ),
    "channels of the kernel": (
        CONV,
        {"input": X, "kernel": K[:, :, :2]},
        *(422, "array_mismatch", "/kernel", "a kernel of shape (3, 3, 3, 2), got (3, 3, 2, 2)"),
    ),
    "a bias too long": (
        CONV,
        {**ARRAYS, "bias": np.zeros(3)},
        *(422, "array_mismatch", "/bias", "needs a bias of shape (2,), got (3,)"),
    ),
    "a bias that is not wanted": (
        {**CONV, "use_bias": False},
        {**ARRAYS, "bias": np.zeros(2)},
        *(422, "array_mismatch", "/bias", "told to have no bias"),
    ),
    "a bias of a pool": (
        {"type": "MaxPooling2D"},
        {"input": X, "bias": np.zeros(3)},
        *(422, "array_mismatch", "/bias", "takes input, got also bias"),
    ),
    "an array too many": (
        CONV,
        {**ARRAYS, "pointwise_kernel": K},
        *(422, "array_mismatch", "/pointwise_kernel", "got also pointwise_kernel"),
    ),
    "no window": (
        {"type": "Dense", "units": 3},
        {"input": X},
        *(422, "cannot_run", "", "only windows are run"),
    ),
    "a norm": (
        {"framework": "torch", "type": "LPPool1d", "norm_type": 2, "kernel_size": 2},
        {"input": XT[0]},
        *(422, "cannot_run", "", "maximum and average are run, not lp"),
    ),
    "other weights": (
        {**CONV, "lora_rank": 2},
        ARRAYS,
        *(422, "cannot_run", "", "weights that are not run: lora_kernel_a, lora_kernel_b"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sent", ["form", "npz"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused(client: CheckedClient, case: str, sent: str) -> None:
    layer, arrays, status, code, pointer, message = REFUSED[case]
    problem = convolve(client, layer, sent=sent, **arrays).get_json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert message in problem["errors"][0]["detail"]


UNREADABLE: dict[str, tuple[Any, str, int, str, str]] = {
    # what: body, its type, status, code, message
    "no array": (form_of(CONV, input=b"hello"), FORM, 400, "unreadable_array", "not a .npy file"),
    "half an array": (
        form_of(CONV, input=npy(X)[:-1]),
        *(FORM, 400, "unreadable_array", "promises a file of 608 bytes, got 607"),
    ),
    "objects": (
        form_of(CONV, input=npy(np.array([None]))),
        *(FORM, 400, "unreadable_array", "got '|O'"),
    ),
    "a lying header": (
        form_of(CONV, input=npy(np.zeros(4)).replace(b"(4,)", b"(9,)")),
        *(FORM, 400, "unreadable_array", "promises a file of 200 bytes, got 160"),
    ),
    "a huge header": (
        form_of(CONV, input=npy(np.zeros(10)).replace(b"(10,), }        ", b"(9999999999,), }")),
        *(FORM, 413, "too_large", "bytes of input: 79999999992 needed"),
    ),
    "two kernels": (
        {"layer": "{}", "kernel": [(io.BytesIO(b""), "a"), (io.BytesIO(b""), "b")]},
        *(FORM, 400, "bad_request", "each once, got 'kernel', 'kernel', 'layer'"),
    ),
    "another part": (
        form_of(CONV, weights=npy(K)),
        *(FORM, 400, "bad_request", "got 'weights', 'layer'"),
    ),
    "no layer": ({"input": (io.BytesIO(npy(X)), "x")}, FORM, 400, "bad_request", "needs a part"),
    "no parts": ({}, FORM, 400, "bad_request", "got none"),
    "archive and arrays": (
        form_of(CONV, arrays=npz(input=X), kernel=npy(K)),
        *(FORM, 400, "bad_request", "not both"),
    ),
    "a layer that is no JSON": (
        {"layer": "{", "input": (io.BytesIO(npy(X)), "x")},
        *(FORM, 400, "unreadable_document", "JSON"),
    ),
    "a layer in the form's archive": (
        form_of(CONV, arrays=npz(layer="{}")),
        *(FORM, 400, "unreadable_array", "may hold input"),
    ),
    "no archive": (b"hello", NPZ, 400, "unreadable_array", "not a .npz file"),
    "half an archive": (npz(layer="{}")[:-9], NPZ, 400, "unreadable_array", "not a .npz file"),
    "an archive without a layer": (npz(input=X), NPZ, 400, "unreadable_array", "member layer"),
    "a layer of numbers": (npz(layer=X), NPZ, 400, "unreadable_array", "got '<i4'"),
    "layers": (npz(layer=["{}", "{}"]), NPZ, 400, "unreadable_array", "must be one text"),
    "another member": (npz(layer="{}", x=X), NPZ, 400, "unreadable_array", "each once, got"),
    "a bomb": (
        npz(input=np.zeros((3000, 3000))),
        *(NPZ, 413, "too_large", "bytes of all arrays: 72000128 needed, at most 67108864"),
    ),
    "no object": (b"[]", JSON, 422, "invalid_document", "needs an object of"),
    "another key": (b'{"layer": {}, "x": 1}', JSON, 422, "invalid_document", "is not known here"),
    "an uneven list": (b'{"input": [[1], [2, 3]]}', JSON, 400, "unreadable_array", "same length"),
    "no numbers": (b'{"input": ["x"]}', JSON, 400, "unreadable_array", "must hold numbers only"),
    "no data": (b'{"input": {"shape": [1]}}', JSON, 400, "unreadable_array", "must hold numbers"),
    "an unknown type": (
        b'{"input": {"dtype": "object", "data": []}}',
        *(JSON, 400, "unreadable_array", "one of the types"),
    ),
    "a type that is none": (
        b'{"input": {"dtype": ["f4"], "data": []}}',
        *(JSON, 422, "invalid_document", "needs a name"),
    ),
    "another shape": (
        b'{"input": {"shape": [3], "data": [1, 2]}}',
        *(JSON, 422, "invalid_document", "is not the shape of data, which has [2]: [3]"),
    ),
    "a shape that is large but empty": (
        b'{"input": {"shape": [0, 4294967296, 4294967296], "data": []}}',
        *(JSON, 413, "too_large", "bytes of input: 147573952589676412928 needed"),
    ),
    "a shape of many axes": (
        b'{"input": {"shape": [1, 1, 1, 1, 1, 1, 1, 1, 1], "data": [1]}}',
        *(JSON, 422, "invalid_document", "is not the shape"),
    ),
    "a shape that is none": (
        b'{"input": {"shape": [-1, -2], "data": [1, 2]}}',
        *(JSON, 422, "invalid_document", "is not the shape"),
    ),
    "NaN": (b'{"input": [NaN]}', JSON, 400, "unreadable_document", "JSON"),
    "deep lists": (
        b'{"input": ' + b"[" * 900 + b"]" * 900 + b"}",
        *(JSON, 400, "unreadable_array", "levels"),
    ),
    "deeper lists": (b'{"input": ' + b"[" * 90000, JSON, 400, "unreadable_document", "JSON"),
    "another type": (b"", "application/x-npy", 415, "unsupported_media_type", "application/x-npz"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused(client: CheckedClient, case: str) -> None:
    data, media, status, code, message = UNREADABLE[case]
    problem = client.send("POST", "/v1/convolve", data=data, content_type=media).get_json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert message in problem["detail"]


@pytest.mark.parametrize("query", ["?mask=true", "?impulse=true", "?mask=true&impulse=true"])
def test_npy_holds_nothing_but_the_output(client: CheckedClient, query: str) -> None:
    problem = convolve(client, CONV, NPY, query, **ARRAYS).get_json()
    assert problem["code"] == "invalid_query"
    assert [error["parameter"] for error in problem["errors"]] == [
        name for name in ("mask", "impulse") if name in query
    ]


@pytest.mark.parametrize("query", ["?mask=1", "?mask=", "?impulse=True", "?mask=true&mask=true"])
def test_flags_are_true_or_false(client: CheckedClient, query: str) -> None:
    response = convolve(client, CONV, query=query, **ARRAYS)
    assert (response.status_code, response.get_json()["code"]) == (422, "invalid_query")


# ---- limits and switches -------------------------------------------------------------------------

LIMITED: dict[str, tuple[Settings, dict[str, Any], dict[str, Any], str]] = {
    "input": (
        Settings(max_convolve_input_bytes=695),
        CONV,
        ARRAYS,
        "bytes of all arrays: 696 needed, at most 695 allowed",
    ),
    "output": (
        Settings(max_convolve_output_bytes=95),
        CONV,
        ARRAYS,
        "bytes of output: 96 needed, at most 95 allowed",
    ),
    "work": (
        Settings(max_convolve_multiply_adds=647),
        CONV,
        ARRAYS,
        "multiply-adds: 648 needed, at most 647 allowed",
    ),
    "JSON": (
        Settings(max_convolve_json_numbers=23),
        CONV,
        ARRAYS,
        "numbers in a JSON answer (accept application/x-npy for more): 24 needed, at most 23",
    ),
    "far apart": (
        Settings(),
        {"type": "Conv1DTranspose", "strides": 2**31 - 1},
        {"input": np.ones((1, 2, 1), "i1"), "kernel": np.ones((1, 1, 1), "i1")},
        "bytes of output: 4294967294 needed",
    ),
    "an empty batch far apart": (
        Settings(),
        {"type": "Conv2DTranspose", "strides": 10**4},
        {"input": np.ones((0, 9, 9, 1), "i1"), "kernel": np.ones((1, 1, 1, 1), "i1")},
        "bytes of output: 8100000000 needed",
    ),
}


@pytest.mark.parametrize("case", LIMITED)
def test_limits(case: str) -> None:
    """What is too much is refused before it is made."""
    settings, layer, arrays, message = LIMITED[case]
    problem = convolve(CheckedClient(create_app(settings)), layer, **arrays).get_json()
    assert (problem["status"], problem["code"]) == (413, "too_large")
    assert message in problem["detail"]


def test_large_json_is_told_to_be_something_else() -> None:
    client = CheckedClient(create_app(Settings(max_convolve_json_numbers=23)))
    assert convolve(client, CONV, NPY, **ARRAYS).status_code == 200
    assert convolve(client, CONV, NPZ, **ARRAYS).status_code == 200


def test_too_many_taps_to_be_followed(client: CheckedClient) -> None:
    layer = {"type": "MaxPooling1D", "pool_size": 5000, "padding": "same"}
    problem = convolve(client, layer, query="?impulse=true", input=np.ones((1, 3, 1))).get_json()
    assert "taps along an axis: 5000 needed, at most 4096" in problem["detail"]


def test_switched_off() -> None:
    """The call says so, and the document does not know it."""
    client = create_app(Settings(convolve="off")).test_client()
    response = client.post("/v1/convolve", **as_archive(CONV, ARRAYS))
    assert (response.status_code, response.get_json()["code"]) == (404, "switched_off")
    paths = client.get("/openapi.json").get_json()["paths"]
    assert set(document()["paths"]) - set(paths) == {"/v1/convolve"}
    assert "/v1/convolve" not in client.get("/openapi.yaml").text


def test_the_documented_example_is_answered_as_documented(client: CheckedClient) -> None:
    call = document()["paths"]["/v1/convolve"]["post"]
    (example,) = call["requestBody"]["content"][JSON]["examples"].values()
    (answer,) = call["responses"]["200"]["content"][JSON]["examples"].values()
    body = json.dumps(example["value"])
    response = client.send("POST", "/v1/convolve", data=body, content_type=JSON)
    assert response.get_json() == answer["value"]


def test_lists_have_pairs_for_complex_numbers() -> None:
    assert lists(np.array([1 + 2j]))["data"] == [[1.0, 2.0]]


def test_shapes_are_really_compared(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were another shape computed than the report predicts, it would be said."""
    run = Plan.run
    monkeypatch.setattr(Plan, "run", lambda plan: run(plan)[:, :-1])
    told = convolve(client, CONV, **ARRAYS).get_json()
    assert told["shape_agrees"] is False
    assert told["output"]["shape"] == [2, 2, 2, 2]
    assert told["layer"]["output_shapes"] == [[2, 3, 2, 2]]
    assert convolve(client, CONV, NPY, **ARRAYS).headers["Shapewright-Shape-Agrees"] == "false"
