"""How much lies on each side where the padding is a word, as probed from the real operations.

Every setting `n, k, s, d` was run in each library with inputs from which the reads of single
windows can be told. `pad` is what was found on the two sides, None where nothing tells; `first`
and `last` are what the first and the last window read: the index under each tap, None for padding,
or, for pools, the lowest and the highest index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shapewright.arithmetic.transposed import place_transposed
from shapewright.arithmetic.window import Placement, Window, place
from shapewright.formats.errors import InvalidDocument
from tests.golden_data import load
from tests.single_layer import entry

CASES: list[Any] = load("same_padding")["cases"]

Answer = tuple[Placement, ...] | None
"""A placement for each axis; None is a refusal."""


# ---- what was probed, and what is compared -------------------------------------------------------


def reads(placement: Placement, output: int) -> list[int | None]:
    """The input index under each tap of one window, None where it lies on padding."""
    window, size, before = placement.window, placement.size, placement.before
    assert isinstance(size, int)
    assert isinstance(before, int)
    start = output * window.stride - before
    indices = (start + tap * window.dilation for tap in range(window.kernel))
    return [index if 0 <= index < size else None for index in indices]


def seen(placement: Placement, output: int, *, pool: bool) -> list[int | None]:
    """What a probe tells of one window."""
    taps = reads(placement, output)
    if not pool:
        return taps
    real = [index for index in taps if index is not None]
    return [min(real), max(real)]


def difference(placement: Placement, probe: dict[str, Any], *, pool: bool = False) -> str | None:
    """What a placement and a probe do not agree on, if anything."""
    found: dict[str, Any] = {
        "out": placement.outputs,
        "pad": [placement.before, placement.after],
    }
    if "first" in probe:
        assert isinstance(placement.outputs, int)
        found["first"] = seen(placement, 0, pool=pool)
        found["last"] = seen(placement, placement.outputs - 1, pool=pool)
    wrong = {
        key: (value, probe[key])
        for key, value in found.items()
        if value != probe[key] and probe[key] is not None
    }
    return f"found, probed: {wrong}" if wrong else None


def setting(case: dict[str, Any]) -> tuple[int, Window]:
    """The size and the window of a case."""
    return case["n"], Window(case["k"], case["s"], case["d"])


def stride_exceeds_window(case: dict[str, Any]) -> bool:
    return bool(case["s"] > setting(case)[1].effective)


def check(compare: Callable[[dict[str, Any]], Iterator[str | None]]) -> None:
    """Compare all cases."""
    results = [(case, text) for case in CASES for text in compare(case)]
    wrong = [
        f"n, k, s, d = {case['n']}, {case['k']}, {case['s']}, {case['d']}: {text}"
        for case, text in results
        if text
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(results)} differ", *wrong[:10]])
    assert results


# ---- through the vocabularies --------------------------------------------------------------------


def placements(shape: list[int | None], layer: dict[str, Any], framework: str = "keras") -> Answer:
    """The placements that the report of a single layer holds."""
    try:
        window = entry(shape, framework=framework, **layer).window
    except InvalidDocument:
        return None
    assert window is not None
    return window.placements


def keras_layer(kind: str, *axes: dict[str, Any]) -> dict[str, Any]:
    """The Keras layer of this type with the windows of these settings."""
    kernel, strides, dilation = ([axis[key] for axis in axes] for key in "ksd")
    layer = {"kind": kind, "padding": "same", "strides": strides}
    if "Pooling" in kind:
        return {**layer, "pool_size": kernel}
    filters = {} if kind.startswith("Depthwise") else {"filters": 1}
    return {**layer, **filters, "kernel_size": kernel, "dilation_rate": dilation}


def torch_layer(*axes: dict[str, Any]) -> dict[str, Any]:
    """The convolution of PyTorch with the windows of these settings."""
    kernel, stride, dilation = ([axis[key] for axis in axes] for key in "ksd")
    return {
        "kind": f"Conv{len(axes)}d",
        "in_channels": 1,
        "out_channels": 1,
        "kernel_size": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": "same",
    }


def against(answer: Answer, probes: Any, *, pool: bool = False) -> Iterator[str | None]:
    """Compare an answer with the probes of each axis, or with a refusal."""
    several = probes if isinstance(probes, list) else [probes]
    if "error" in several[0]:
        yield None if answer is None else f"accepted, refused there: {several[0]['error']}"
    elif answer is None:
        yield "refused, accepted there"
    else:
        for placement, probe in zip(answer, several, strict=True):
            yield difference(placement, probe, pool=pool)


BACKENDS = ("keras_tensorflow", "keras_torch")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "kind",
    ["Conv1D", "DepthwiseConv1D", "MaxPooling1D", "AveragePooling1D", "Conv1DTranspose"],
)
def test_keras_on_one_axis(backend: str, kind: str) -> None:
    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        if kind in case[backend]:
            answer = placements([1, case["n"], 1], keras_layer(kind, case))
            yield from against(answer, case[backend][kind], pool="Pooling" in kind)

    check(compare)


@pytest.mark.parametrize("backend", BACKENDS)
def test_keras_on_two_axes(backend: str) -> None:
    """Where the backends disagree a bug of oneDNN makes torch wrong; TensorFlow is followed."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        axes = (case, case["axis2"])
        answer = placements([1, case["n"], case["axis2"]["n"], 1], keras_layer("Conv2D", *axes))
        if case[backend]["Conv2D"] == case["keras_tensorflow"]["Conv2D"]:
            yield from against(answer, case[backend]["Conv2D"])

    check(compare)


@pytest.mark.parametrize("backend", BACKENDS)
def test_keras_transposed_with_options(backend: str) -> None:
    """`pad` is what is cut from the full result; TensorFlow aborts on some that torch runs."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        for probe in case[backend].get("Conv1DTranspose_options", ()):
            options = {key: probe[key] for key in ("padding", "output_padding")}
            layer = {**keras_layer("Conv1DTranspose", case), **options}
            if "error" not in probe:
                yield from against(placements([1, case["n"], 1], layer), probe)

    check(compare)


@pytest.mark.parametrize("rank", [1, 2])
def test_torch(rank: int) -> None:
    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        axes = (case, case["axis2"])[:rank]
        answer = placements([1, 1, *(axis["n"] for axis in axes)], torch_layer(*axes), "torch")
        yield from against(answer, case["torch"][f"conv{rank}d"])

    check(compare)


# ---- the arithmetic itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation", ["conv1d", "convolution", "depthwise_conv2d", "max_pool1d", "avg_pool1d"]
)
def test_tensorflow_on_one_axis(operation: str) -> None:
    """`tf.nn.depthwise_conv2d` with stride and dilation both over 1 reads by another pattern."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        probe = case["tf"].get(operation, {"error": "not run"})
        followed = operation != "depthwise_conv2d" or case["s"] == 1 or case["d"] == 1
        if followed and "error" not in probe:
            yield difference(place(*setting(case), "same"), probe, pool="pool" in operation)

    check(compare)


def test_tensorflow_on_two_axes() -> None:
    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        for axis, probe in zip((case, case["axis2"]), case["tf"]["conv2d"], strict=True):
            yield difference(place(*setting(axis), "same"), probe)

    check(compare)


def transposed_probes(case: dict[str, Any], word: str) -> Iterator[tuple[dict[str, Any], int]]:
    """What TensorFlow gave for several output sizes, each with the size of the full result."""
    inputs, window = setting(case)
    for probe in case["tf"].get("conv1d_transpose", {word: ()})[word]:
        if "error" not in probe:
            yield probe, (inputs - 1) * window.stride + window.effective


def test_tensorflow_transposed_same() -> None:
    """The cut before is the padding of the convolution that leads back; the rest is cut after."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        inputs, window = setting(case)
        for probe, full in transposed_probes(case, "SAME"):
            back = place(probe["out"], window, "same")
            yield None if back.outputs == inputs else f"leads back to {back.outputs}"
            assert isinstance(back.before, int)
            cuts = (back.before, full - probe["out"] - back.before)
            yield difference(place_transposed(inputs, window, cuts), probe)

    check(compare)


def test_tensorflow_transposed_valid() -> None:
    """Outputs past the full result are zeros."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        for probe, full in transposed_probes(case, "VALID"):
            placed = place_transposed(*setting(case), "valid", probe["out"] - full)
            yield difference(placed, probe)

    check(compare)


def test_tensorflow_transposed_and_dilated() -> None:
    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        probe = case["tf"].get("conv2d_transpose_dilated")
        if probe:
            yield difference(place_transposed(*setting(case), "same"), probe)

    check(compare)


ONNX = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER"}


@pytest.mark.parametrize("word", ONNX)
@pytest.mark.parametrize(
    "operation",
    [
        "Conv",
        "MaxPool",
        "AveragePool(count_include_pad=0)",
        "AveragePool(count_include_pad=1)",
    ],
)
def test_onnx(operation: str, word: str) -> None:
    """ONNX Runtime does not clip the padding at 0 where the stride exceeds the window."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        probe = case["onnxruntime"].get(f"{operation}/{ONNX[word]}", {"error": "not run"})
        if "error" not in probe and not stride_exceeds_window(case):
            yield difference(place(*setting(case), word), probe, pool="Pool" in operation)

    check(compare)


def test_onnx_transposed() -> None:
    """With SAME_UPPER ONNX cuts as Keras does, where the stride does not exceed the window."""

    def compare(case: dict[str, Any]) -> Iterator[str | None]:
        probe = case["onnxruntime"].get("ConvTranspose/SAME_UPPER")
        if probe and not stride_exceeds_window(case):
            yield difference(place_transposed(*setting(case), "same"), probe)

    check(compare)
