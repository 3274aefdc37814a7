"""PyTorch beyond the golden cases: messages and where they point, sizes left open, calls."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from tests.single_layer import entry, fault, output

Sizes = list[int | None]
Parameters = dict[str, Any]

CONV: Parameters = {"in_channels": 4, "out_channels": 8, "kernel_size": 3}
DOWN: Parameters = {**CONV, "stride": 2, "padding": 1}


def several(shapes: list[Sizes], kind: str, inputs: Any = None, **parameters: Any) -> Entry:
    """The report entry of a layer on several inputs, `x0`, `x1` and so on."""
    given = {f"x{index}": shape for index, shape in enumerate(shapes)}
    layer = {"type": kind, **parameters, "inputs": list(given) if inputs is None else inputs}
    document = {"framework": "torch", "inputs": given, "layers": [layer]}
    return infer(read_stack(document, Options())).layers[0]


SHAPES: dict[str, tuple[str, Parameters, Sizes, Sizes]] = {
    "unknown batch": ("Conv2d", CONV, [None, 4, 9, 9], [None, 8, 7, 7]),
    "unknown size": ("Conv2d", DOWN, [1, 4, None, 9], [1, 8, None, 5]),
    "unknown channels are settled": ("Conv2d", CONV, [1, None, 9, 9], [1, 8, 7, 7]),
    "same keeps an unknown size": (
        "Conv1d",
        {**CONV, "padding": "same"},
        [1, 4, None],
        [1, 8, None],
    ),
    "one amount in a list is for all axes": (
        "Conv2d",
        {**CONV, "padding": [1]},
        [1, 4, 9, 9],
        [1, 8, 9, 9],
    ),
    "a copied padding cuts": (
        "Conv1d",
        {**CONV, "padding": -1, "padding_mode": "replicate"},
        [1, 4, 9],
        [1, 8, 5],
    ),
    "one sample": ("Conv2d", CONV, [4, 9, 9], [8, 7, 7]),
    "one sample, unknown size": ("MaxPool1d", {"kernel_size": 2}, [4, None], [4, None]),
    "adaptive settles": (
        "AdaptiveAvgPool2d",
        {"output_size": [3, None]},
        [1, 4, None, 5],
        [1, 4, 3, 5],
    ),
    "last window hangs over": (
        "MaxPool1d",
        {"kernel_size": 3, "stride": 2, "ceil_mode": True},
        [1, 4, 6],
        [1, 4, 3],
    ),
    "last window in the padding is dropped": (
        "AvgPool1d",
        {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True},
        [1, 4, 5],
        [1, 4, 2],
    ),
    "batch norm of open channels": ("BatchNorm1d", {"num_features": 5}, [2, None], [2, None]),
    "no axes": ("Embedding", {"num_embeddings": 9, "embedding_dim": 3}, [], [3]),
    "ratio below the integer": ("Upsample", {"scale_factor": 0.7}, [1, 4, 10], [1, 4, 7]),
    "ratio of an unknown size": ("Upsample", {"scale_factor": 1.5}, [1, 4, None], [1, 4, None]),
    "inferred size": (
        "Unflatten",
        {"dim": 1, "unflattened_size": [2, -1]},
        [None, 6],
        [None, 2, 3],
    ),
    "asked size": (
        "ConvTranspose1d",
        {**CONV, "stride": 2, "call": {"output_size": [20]}},
        [1, 4, 9],
        [1, 8, 20],
    ),
    "asked size of an unknown input": (
        "ConvTranspose1d",
        {**CONV, "stride": 2, "call": {"output_size": [1, 8, 20]}},
        [1, 4, None],
        [1, 8, 20],
    ),
    "a number beside a tensor": ("mul", {"other": 2}, [3, None], [3, None]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_output_shape(name: str) -> None:
    kind, parameters, shape, expected = SHAPES[name]
    assert output(shape, kind, framework="torch", **parameters) == expected


FAULTS: dict[str, tuple[str, Parameters, Sizes, str, str]] = {
    "window too large": (
        "Conv2d",
        CONV,
        [1, 4, 2, 9],
        "/kernel_size",
        "the window spans 3 elements, but the axis has only 2",
    ),
    "other channels": (
        "Conv2d",
        CONV,
        [1, 3, 9, 9],
        "/in_channels",
        "needs 4 input channels, got 3",
    ),
    "no such rank": (
        "Conv2d",
        CONV,
        [4, 9],
        "",
        "needs 4 axes (batch, channels, height, width), or 3",
    ),
    "groups": (
        "Conv2d",
        {**CONV, "groups": 3},
        [1, 4, 9, 9],
        "/in_channels",
        "4 does not divide into 3",
    ),
    "padding word": (
        "Conv1d",
        {**CONV, "padding": "full"},
        [1, 4, 9],
        "/padding",
        "'valid', 'same', or",
    ),
    "same with stride": (
        "Conv1d",
        {**CONV, "padding": "same", "stride": 2},
        [1, 4, 9],
        "/padding",
        "padding 'same' needs stride 1, got [2]",
    ),
    "zeros are not cut": (
        "Conv1d",
        {**CONV, "padding": -1},
        [1, 4, 9],
        "/padding",
        "got padding [-1]",
    ),
    "reflection of too little": (
        "Conv1d",
        {**CONV, "padding": 2, "padding_mode": "reflect"},
        [1, 4, 2],
        "/padding",
        "has 2 elements, too few for a reflect padding of 2 before and 2 after",
    ),
    "kernel for another rank": (
        "Conv2d",
        {**CONV, "kernel_size": [3, 3, 3]},
        [1, 4, 9, 9],
        "/kernel_size",
        "a list of 2 of them, got [3, 3, 3]",
    ),
    "empty axis": ("Conv1d", {**CONV, "padding": 2}, [1, 4, 0], "", "only the batch may be empty"),
    "output padding": (
        "ConvTranspose1d",
        {**CONV, "output_padding": 2, "stride": 2},
        [1, 4, 9],
        "/output_padding",
        "output_padding 2 must be smaller than the stride 2 or the dilation 1",
    ),
    "nothing left": (
        "ConvTranspose1d",
        {**CONV, "padding": 2},
        [1, 4, 1],
        "/padding",
        "1 inputs spread over 3",
    ),
    "asked size out of reach": (
        "ConvTranspose1d",
        {**CONV, "stride": 2, "call": {"output_size": [21]}},
        [1, 4, 9],
        "",
        "9 inputs can become 19 to 20 outputs, got 21",
    ),
    "asked size of no such form": (
        "ConvTranspose1d",
        {**CONV, "call": {"output_size": "large"}},
        [1, 4, 9],
        "",
        "the call's output_size needs a list of 1 to 3 integers",
    ),
    "padding of a pool": (
        "MaxPool2d",
        {"kernel_size": 2, "padding": 2, "dilation": 3},
        [1, 4, 9, 9],
        "/padding",
        "padding 2 is more than half of the kernel's 2 taps",
    ),
    "kernel beyond the input": (
        "AvgPool3d",
        {"kernel_size": 3, "padding": 1},
        [1, 4, 2, 9, 9],
        "/kernel_size",
        "the kernel has 3 taps, but the axis has only 2 elements",
    ),
    "no average by zero": (
        "AvgPool2d",
        {"kernel_size": 2, "divisor_override": 0},
        [1, 4, 9, 9],
        "/divisor_override",
        "divided by 0",
    ),
    "other features": (
        "BatchNorm2d",
        {"num_features": 5},
        [1, 4, 9, 9],
        "/num_features",
        "needs size 5 on axis 1, got 4",
    ),
    "statistics of one value": (
        "InstanceNorm1d",
        {"num_features": 4},
        [2, 4, 1],
        "",
        "more than one value each",
    ),
    "groups of channels": (
        "GroupNorm",
        {"num_groups": 4, "num_channels": 6},
        [1, 6, 3],
        "/num_channels",
        "num_channels 6 does not divide into 4 groups",
    ),
    "last axes": (
        "LayerNorm",
        {"normalized_shape": [3, 5]},
        [2, 3, 4],
        "/normalized_shape",
        "needs size 5 on axis -1, got 4",
    ),
    "features": (
        "Linear",
        {"in_features": 4, "out_features": 3},
        [2, 5],
        "/in_features",
        "needs 4 features",
    ),
    "no such axis": (
        "Flatten",
        {"start_dim": 2},
        [2, 5],
        "/start_dim",
        "axis 2 does not exist in (2, 5)",
    ),
    "two open sizes": (
        "Unflatten",
        {"dim": 1, "unflattened_size": [-1, -1]},
        [2, 12],
        "/unflattened_size",
        "only one size may be -1",
    ),
    "odd half": ("GLU", {}, [2, 3], "/dim", "has to be even, it is 3"),
    "pixels": (
        "PixelShuffle",
        {"upscale_factor": 4},
        [1, 33, 5, 5],
        "/upscale_factor",
        "33 channels do not divide",
    ),
    "both targets": ("Upsample", {"size": 3, "scale_factor": 2}, [1, 4, 9], "/size", "got both"),
    "resized to nothing": (
        "Upsample",
        {"scale_factor": 0.1},
        [1, 4, 9],
        "/scale_factor",
        "(9,) would become (0,)",
    ),
    "projection": (
        "LSTM",
        {"input_size": 5, "hidden_size": 3, "proj_size": 3},
        [2, 3, 5],
        "/proj_size",
        "proj_size 3 has to be smaller than hidden_size 3",
    ),
    "too many layers": (
        "RNN",
        {"input_size": 5, "hidden_size": 3, "num_layers": 2**31 - 1},
        [2, 3, 5],
        "/num_layers",
        "<= 4096",
    ),
    "once around": (
        "CircularPad1d",
        {"padding": 10},
        [1, 4, 9],
        "/padding",
        "too few for a circular padding of 10",
    ),
    "probability": ("Dropout", {"p": 1.5}, [1, 4], "/p", "got 1.5"),
    "columns": (
        "Fold",
        {"output_size": [8, 6], "kernel_size": [2, 1]},
        [1, 6, 9],
        "/output_size",
        "42 in all, but 9 columns arrive",
    ),
    "heads": (
        "TransformerEncoderLayer",
        {"d_model": 5, "nhead": 2},
        [2, 3, 5],
        "/nhead",
        "5 features do not divide into 2 heads",
    ),
    "one tensor too few": ("add", {}, [2, 3], "", "needs exactly 2 inputs, got 1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, words = FAULTS[name]
    where, detail = fault(shape, kind, framework="torch", **parameters)
    assert where == f"/layers/0{place}"
    assert words in detail


def test_one_sample_has_its_window_on_its_own_axes() -> None:
    """Without a batch axis all axes count one less; the work is the same."""
    single = entry([4, 9, 9], "Conv2d", framework="torch", **DOWN)
    batch = entry([2, 4, 9, 9], "Conv2d", framework="torch", **DOWN)
    assert single.window is not None
    assert batch.window is not None
    assert single.window.axes == (1, 2)
    assert single.window.placements == batch.window.placements
    assert single.macs == batch.macs == 5 * 5 * 9 * 4 * 8


EMPTY: dict[str, tuple[Parameters, int, int, bool]] = {
    "one sample": ({"kernel_size": 2, "padding": 1}, 1, 1, False),
    "a batch": ({"kernel_size": 2, "padding": 1}, 2, 1, True),
    "groups": ({"kernel_size": 2, "padding": 1, "groups": 2}, 1, 1, True),
    "a large kernel along one axis": ({"kernel_size": 4, "padding": 2}, 1, 1, False),
    "single taps": ({"kernel_size": 1, "padding": 1, "groups": 2}, 15, 2, False),
    "single taps in a large batch": ({"kernel_size": 1, "padding": 1}, 16, 2, True),
    "output padding of a stride": (
        {"kernel_size": 2, "padding": 2, "dilation": 2, "output_padding": 1},
        2,
        1,
        False,
    ),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_result_is_let_through_where_onednn_computes(name: str) -> None:
    """Facts of PyTorch 2.13 on one thread of a CPU."""
    parameters, batch, size, accepted = EMPTY[name]
    layer = {"in_channels": 2, "out_channels": 2, **parameters}
    if accepted:
        found = entry([batch, 2, size], "ConvTranspose1d", framework="torch", **layer)
        assert found.output_shapes == ((batch, 2, 0),)
    else:
        detail = fault([batch, 2, size], "ConvTranspose1d", framework="torch", **layer)[1]
        assert "none is left" in detail


def test_a_pool_gives_indices_that_put_maxima_back() -> None:
    """The second output of a layer is `name:1`."""
    layers: list[Any] = [
        {"type": "MaxPool2d", "kernel_size": 2, "return_indices": True, "name": "pool"},
        {"type": "MaxUnpool2d", "kernel_size": 2, "inputs": ["pool", "pool:1"]},
    ]
    document = {"framework": "torch", "input_shape": [1, 3, 8, 6], "layers": layers}
    found = infer(read_stack(document, Options()))
    assert found.outputs[0].shape == (1, 3, 8, 6)


def test_initial_states_are_given_by_name_and_in_any_order() -> None:
    """A named argument may come first, and a list stands for a tuple of tensors."""
    shapes: list[Sizes] = [[2, 3, 5], [7, 3, 4], [2, 3, 5]]
    inputs = {"hx": ["x0", "x2"], "input": "x1"}
    sizes = {"input_size": 4, "hidden_size": 5, "num_layers": 2}
    found = several(shapes, "LSTM", inputs, **sizes)
    assert found.output_shapes == ((7, 3, 5), (2, 3, 5), (2, 3, 5))
    assert found.macs == 7 * (20 * (4 + 5) + 20 * (5 + 5))


def test_a_mask_changes_nothing_and_an_unknown_argument_is_refused() -> None:
    """Tensors beside the query, key and value are taken as masks, if they are arguments at all."""
    shapes: list[Sizes] = [[4, 2, 6], [3, 2, 6], [4, 3]]
    inputs = {"query": "x0", "key": "x1", "value": "x1", "attn_mask": "x2"}
    found = several(shapes, "MultiheadAttention", inputs, embed_dim=6, num_heads=2)
    assert found.output_shapes == ((4, 2, 6), (2, 4, 3))
    with pytest.raises(InvalidDocument) as caught:
        several(shapes, "MultiheadAttention", {"q": "x0"}, embed_dim=6, num_heads=2)
    assert "has no argument `q`; it has query, key, value" in caught.value.faults[0].detail


def test_merges_broadcast_and_count_axes_from_the_end() -> None:
    """`add` stretches size 1 and missing axes; `cat` needs all other axes to agree."""
    assert several([[2, 1, 4], [3, 1]], "add").output_shapes == ((2, 3, 4),)
    assert several([[2, 3], [2, 5], [2, 1]], "cat", dim=-1).output_shapes == ((2, 9),)
    assert several([[None, 3], [2, 5]], "concat", dim=1).output_shapes == ((2, 8),)


def test_an_unknown_batch_leaves_the_work_known() -> None:
    """Multiply-adds are those of one sample."""
    known = entry([7, 4, 9, 9], "Conv2d", framework="torch", **DOWN)
    found = entry([None, 4, 9, 9], "Conv2d", framework="torch", **DOWN)
    assert found.macs == known.macs
    assert entry([1, 4, None, 9], "Conv2d", framework="torch", **DOWN).macs is UNKNOWN


def test_learned_arrays_stand_in_the_order_of_the_module() -> None:
    """Kept statistics are no parameters."""
    found = entry([2, 6, 5], "BatchNorm1d", framework="torch", num_features=6)
    assert [(weight.name, weight.shape) for weight in found.weights] == [
        ("weight", (6,)),
        ("bias", (6,)),
    ]
    assert found.params == found.trainable_params == 12
