"""Attention: what fits together, what comes out, what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shape, Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from shapewright.operations.attention import Attention
from shapewright.operations.base import Link, Links, Operation
from shapewright.operations.multi_head_attention import MultiHeadAttention
from shapewright.paths import pointer

U = UNKNOWN
HEADS = MultiHeadAttention(heads=4, key_heads=4, key_size=3, value_size=5)
GROUPS = MultiHeadAttention(heads=4, key_heads=2, key_size=3, value_size=3)


def heads(**changes: Any) -> MultiHeadAttention:
    """Four heads that give their scores too."""
    return MultiHeadAttention(4, 4, 3, 5, scores=True, **changes)


# Inputs are query, key and value.
OUTPUTS: dict[str, tuple[Operation, Shapes, Shapes]] = {
    "a value for each query": (Attention(), ((2, 7, 5), (2, 9, 5), (2, 9, 6)), ((2, 7, 6),)),
    "a score for each pair": (
        Attention(scores=True),
        ((U, 7, 5), (U, 9, 5), (U, 9, 6)),
        ((U, 7, 6), (U, 7, 9)),
    ),
    "no batch": (Attention(scores=True), ((7, 5), (9, 5), (9, 6)), ((7, 6), (7, 9))),
    "more axes before": (Attention(), ((2, 8, 7, 5), (2, 8, 9, 5), (2, 1, 9, 6)), ((2, 8, 7, 6),)),
    "one query for all": (Attention(), ((1, 7, 5), (2, 9, 5), (2, 9, 6)), ((2, 7, 6),)),
    "added features are stretched": (
        Attention(additive=True),
        ((2, 7, 5), (2, 9, 1), (2, 9, 6)),
        ((2, 7, 6),),
    ),
    "open sizes": (Attention(scores=True), ((U, U, 5), (U, U, U), (U, 9, U)), ((U, U, U),) * 2),
    "heads keep the query's features": (HEADS, ((2, 7, 6), (2, 9, 8), (2, 9, 1)), ((2, 7, 6),)),
    "or make others": (
        heads(output=(8, 2)),
        ((2, 7, 6), (2, 9, 6), (2, 9, 6)),
        ((2, 7, 8, 2), (2, 4, 7, 9)),
    ),
    "along two axes": (
        heads(),
        ((2, 7, 8, 6), (2, 9, 10, 6), (2, 9, 10, 6)),
        ((2, 7, 8, 6), (2, 4, 7, 8, 9, 10)),
    ),
    "along one of two axes": (
        heads(axes=(-3,)),
        ((2, 7, 8, 6), (2, 9, 8, 6), (2, 9, 8, 6)),
        ((2, 7, 8, 6), (2, 8, 4, 7, 9)),
    ),
    "the other axis is stretched": (
        heads(axes=(1,)),
        ((2, 7, 1, 6), (2, 9, 8, 6), (2, 9, 8, 6)),
        ((2, 7, 8, 6), (2, 8, 4, 7, 9)),
    ),
    "along the heads": (heads(axes=(2,)), ((2, 7, 6),) * 3, ((2, 7, 6), (2, 7, 4, 4))),
    "open queries": (heads(), ((U, U, 6), (U, 9, 6), (U, 9, 6)), ((U, U, 6), (U, 4, U, 9))),
    "open queries leave square scores open": (
        heads(square=True),
        ((U, U, 6), (U, 9, 6), (U, 9, 6)),
        ((U, U, 6), (U, 4, U, U)),
    ),
    "shared keys": (GROUPS, ((2, 7, 6), (2, 9, 6), (2, 9, 6)), ((2, 7, 6),)),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output(name: str) -> None:
    operation, inputs, expected = OUTPUTS[name]
    assert operation.infer(inputs).outputs == expected


FAULTS: dict[str, tuple[Operation, Shapes, str]] = {
    "two inputs": (
        Attention(),
        ((2, 7, 5), (2, 9, 5)),
        "needs exactly 3 inputs, got 2: ((2, 7, 5), (2, 9, 5))",
    ),
    "no positions": (
        Attention(),
        ((2, 7, 5), (5,), (2, 9, 6)),
        "needs a key with 2 axes or more, got (5,)",
    ),
    "features": (
        Attention(),
        ((2, 7, 5), (2, 9, 4), (2, 9, 6)),
        "the query (2, 7, 5) has 5 features but the key (2, 9, 4) has 4 features",
    ),
    "positions": (
        Attention(),
        ((2, 7, 5), (2, 9, 5), (2, 8, 6)),
        "the key (2, 9, 5) has 9 positions but the value (2, 8, 6) has 8 positions",
    ),
    "batches": (
        Attention(),
        ((2, 7, 5), (3, 9, 5), (3, 9, 6)),
        "axis 0 of input 0 (2, 7, 5) has size 2, but axis 0 of input 1 (3, 9, 5) has size 3",
    ),
    "an open size is not a known one": (
        HEADS,
        ((2, 7, 6), (2, 9, 6), (2, U, 6)),
        "key and value need the same sizes between batch and features, got (2, 9, 6) and (2, ?, 6)",
    ),
    "other axes than those attended to": (
        heads(axes=(1,)),
        ((2, 7, 8, 6), (2, 9, 7, 6), (2, 9, 7, 6)),
        "axis 2 of input 0 (2, 7, 8, 6) has size 8, but axis 2 of input 1 (2, 9, 7, 6) has size 7",
    ),
    "ranks": (
        HEADS,
        ((2, 7, 6), (2, 9, 8, 6), (2, 9, 8, 6)),
        "query, key and value need 3 axes each, got ((2, 7, 6), (2, 9, 8, 6), (2, 9, 8, 6))",
    ),
    "nothing to attend along": (
        HEADS,
        ((2, 6), (2, 6), (2, 6)),
        "there is no axis to attend along in a query (2, 6)",
    ),
    "no such axis": (
        heads(axes=(3,)),
        ((2, 7, 6),) * 3,
        "axis 3 does not exist in (2, 7, 6), which has 3 axes",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    operation, inputs, detail = FAULTS[name]
    with pytest.raises(ShapeError) as caught:
        operation.infer(inputs)
    assert caught.value.detail == detail


def slow_macs(operation: MultiHeadAttention, query: Shape, key: Shape, value: Shape) -> int:
    """Product by product, for one attended axis."""
    (_, t, dq), (_, s, dk), (_, _, dv) = (tuple(map(int, map(str, x))) for x in (query, key, value))
    total = 0
    for head in range(operation.heads):
        total += t * dq * operation.key_size + t * s * operation.key_size
        total += t * s * operation.value_size + t * operation.value_size * dq
        total += t * dq * operation.value_size * operation.gated
        if head < operation.key_heads:
            total += s * dk * operation.key_size + s * dv * operation.value_size
    return total


@pytest.mark.parametrize(
    "operation",
    [HEADS, GROUPS, MultiHeadAttention(4, 2, 3, 5, gated=True)],
    ids=["heads", "groups", "gated"],
)
def test_macs_of_heads(operation: MultiHeadAttention) -> None:
    inputs: Shapes = ((2, 7, 6), (2, 9, 8), (2, 9, 10))
    assert operation.infer(inputs).macs == slow_macs(operation, *inputs)


MACS: dict[str, tuple[Operation, Shapes, Dimension]] = {
    "scores and means": (Attention(), ((2, 7, 5), (2, 9, 5), (2, 9, 6)), 7 * 9 * (5 + 6)),
    "more axes before": (
        Attention(),
        ((2, 8, 7, 5), (2, 8, 9, 5), (2, 8, 9, 6)),
        8 * 7 * 9 * (5 + 6),
    ),
    "an open number of keys": (Attention(), ((2, 7, 5), (2, U, 5), (2, U, 6)), U),
    "an open number of queries": (HEADS, ((2, U, 6), (2, 9, 6), (2, 9, 6)), U),
    "an open batch": (Attention(), ((U, 7, 5), (U, 9, 5), (U, 9, 6)), 7 * 9 * (5 + 6)),
}


@pytest.mark.parametrize("name", MACS)
def test_macs(name: str) -> None:
    operation, inputs, expected = MACS[name]
    assert operation.infer(inputs).macs == expected


KEEPS_QUERIES: Links = (Link(0), Link(1), None)


@pytest.mark.parametrize("operation", [Attention(), HEADS], ids=["plain", "heads"])
def test_a_mean_sees_its_own_query_and_all_keys(operation: Operation) -> None:
    links = operation.infer(((2, 7, 6), (2, 9, 6), (2, 9, 6))).links
    assert links[:2] == (KEEPS_QUERIES, (Link(0), None, None))


def test_plain_attention_keeps_the_features_of_values_apart() -> None:
    assert Attention().infer(((2, 7, 6), (2, 9, 6), (2, 9, 6))).links[2] == (Link(0), None, Link(2))


# ---- Keras's way of calling them -----------------------------------------------------------------

INPUTS = {"q": [None, 7, 6], "v": [None, 9, 6], "k": [None, 9, 5], "mask": [None, 9]}


def attend(kind: str, inputs: Any, call: dict[str, Any] | None = None, **parameters: Any) -> Entry:
    """The report entry of one call."""
    layer = {"type": kind, "inputs": inputs, "call": call or {}, **parameters}
    return infer(read_stack({"inputs": INPUTS, "layers": [layer]}, Options())).layers[0]


CALLS: dict[str, Any] = {
    "by position": ["q", "v", "k"],
    "by name": {"value": "v", "query": "q", "key": "k"},
    "with a mask": {"query": "q", "value": "v", "key": "k", "value_mask": "mask"},
}


@pytest.mark.parametrize("name", CALLS)
def test_call(name: str) -> None:
    found = attend("MultiHeadAttention", CALLS[name], num_heads=2, key_dim=3)
    kernels = {weight.name: weight.shape for weight in found.weights if "kernel" in weight.name}
    assert kernels == {
        "query/kernel": (6, 2, 3),
        "key/kernel": (5, 2, 3),
        "value/kernel": (6, 2, 3),
        "attention_output/kernel": (2, 3, 6),
    }


def test_the_value_is_the_key_where_none_is_given() -> None:
    found = attend("MultiHeadAttention", ["q", "v"], num_heads=2, key_dim=3)
    assert next(w.shape for w in found.weights if w.name == "key/kernel") == (6, 2, 3)


def test_a_list_is_query_value_key() -> None:
    asked = {"return_attention_scores": True}
    found = attend("AdditiveAttention", ["q", "v", "v"], asked)
    assert found.output_shapes == ((U, 7, 6), (U, 7, 9))


REFUSED: dict[str, tuple[str, Any, dict[str, Any], tuple[str, str]]] = {
    "one tensor": (
        "Attention",
        ["q"],
        {},
        (
            "/layers/0",
            "is called on a list of 2 or 3 tensors, query, value and perhaps key, got 1",
        ),
    ),
    "no value": (
        "MultiHeadAttention",
        ["q"],
        {"num_heads": 2, "key_dim": 3},
        ("/layers/0", "is called on a query, a value and perhaps a key, one tensor each"),
    ),
    "groups": (
        "GroupQueryAttention",
        ["q", "v"],
        {"head_dim": 2, "num_query_heads": 5, "num_key_value_heads": 2},
        (
            "/layers/0/num_query_heads",
            "5 query heads do not divide into 2 groups that share a key and a value",
        ),
    ),
    "dropout in blocks": (
        "MultiHeadAttention",
        ["q", "v"],
        {"num_heads": 2, "key_dim": 3, "flash_attention": True, "dropout": 0.5},
        ("/layers/0/flash_attention", "flash attention takes no dropout, got 0.5"),
    ),
    "score mode": (
        "Attention",
        ["q", "v"],
        {"score_mode": "cosine"},
        ("/layers/0/score_mode", "needs one of 'dot', 'concat', got 'cosine'"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    kind, inputs, parameters, expected = REFUSED[name]
    with pytest.raises(InvalidDocument) as caught:
        attend(kind, inputs, **parameters)
    assert [(pointer(one.path), one.detail) for one in caught.value.faults] == [expected]
