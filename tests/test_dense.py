"""Linear maps and tables: macs, weights, equations, low-rank adaptation, messages."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Dimension
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit
from tests.single_layer import entry, fault, output

Sizes = list[int | None]

MACS: dict[str, tuple[str, dict[str, Any], Sizes, Dimension]] = {
    "one position": ("Dense", {"units": 5}, [None, 7], 7 * 5),
    "many positions": ("Dense", {"units": 5}, [8, 2, 3, 7], 2 * 3 * 7 * 5),
    "open positions": ("Dense", {"units": 5}, [8, None, 7], UNKNOWN),
    "no positions": ("Dense", {"units": 5}, [8, 0, 7], 0),
    "letters": (
        "EinsumDense",
        {"equation": "abc,cde->abde", "output_shape": [None, 2, 3]},
        [None, 5, 7],
        5 * 7 * 2 * 3,
    ),
    "letters that are summed": (
        "EinsumDense",
        {"equation": "abcd,cde->abe", "output_shape": [None, 3]},
        [9, 5, 7, 2],
        5 * 7 * 2 * 3,
    ),
    "axes behind dots": (
        "EinsumDense",
        {"equation": "...x,xy->...y", "output_shape": 4},
        [9, 2, 3, 5],
        2 * 3 * 5 * 4,
    ),
    "axes before dots": (
        "EinsumDense",
        {"equation": "ab...,bc->ac...", "output_shape": 4},
        [9, 5, 2, 3],
        5 * 4 * 2 * 3,
    ),
    "an open letter": (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": [None, 3]},
        [9, None, 7],
        UNKNOWN,
    ),
    "a table multiplies nothing": (
        "Embedding",
        {"input_dim": 9, "output_dim": 4},
        [None, 5],
        0,
    ),
}


@pytest.mark.parametrize("name", MACS)
def test_macs(name: str) -> None:
    kind, parameters, shape, macs = MACS[name]
    assert entry(shape, kind, **parameters).macs == macs


def test_the_way_back_is_a_matrix_product() -> None:
    layer = {"type": "ReversibleEmbedding", "input_dim": 9, "output_dim": 4}
    document = {"input_shape": [None, 5, 4], "layers": [{**layer, "call": {"reverse": True}}]}
    found = infer(read_stack(document, Options())).layers[0]
    assert (found.output_shapes, found.macs) == (((UNKNOWN, 5, 9),), 5 * 4 * 9)


def test_the_way_back_is_chosen_by_true_or_false() -> None:
    layer = {"type": "ReversibleEmbedding", "input_dim": 9, "output_dim": 4}
    document = {"input_shape": [None, 4], "layers": [{**layer, "call": {"reverse": "yes"}}]}
    with pytest.raises(InvalidDocument) as caught:
        read_stack(document, Options())
    assert caught.value.faults[0].detail == (
        "`reverse` in the call has to be true or false, got yes"
    )


SHAPES: dict[str, tuple[dict[str, Any], Sizes, Sizes]] = {
    "declared sizes are taken as they are": (
        {"equation": "abc,cd->abd", "output_shape": [None, 3]},
        [None, 5, 7],
        [None, None, 3],
    ),
    "axes behind dots keep their order": (
        {"equation": "...x,xy->...y", "output_shape": 4},
        [2, 3, 5, 7],
        [2, 3, 5, 4],
    ),
    "axes before dots": (
        {"equation": "ab...,bc->ac...", "output_shape": 4},
        [2, 3, 5, 7],
        [2, 4, 5, 7],
    ),
    "a diagonal": ({"equation": "aab,bc->ac", "output_shape": 4}, [2, 2, 3], [2, 4]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_equations(name: str) -> None:
    parameters, shape, expected = SHAPES[name]
    assert output(shape, "EinsumDense", **parameters) == expected


def weights(shape: Sizes, kind: str, **parameters: Any) -> dict[str, tuple[tuple[int, ...], bool]]:
    """The shape of each weight, and whether it trains."""
    found = entry(shape, kind, **parameters).weights
    return {weight.name: (weight.shape, weight.trainable) for weight in found}


def test_a_bias_begins_at_its_first_letter() -> None:
    layer = {"equation": "ab...,bcd->acd...", "output_shape": [4, 5], "bias_axes": "c"}
    assert weights([2, 3, 6, 7], "EinsumDense", **layer) == {
        "kernel": ((3, 4, 5), True),
        "bias": ((4, 1, 1, 1), True),
    }


def test_low_rank_weights_train_in_place_of_the_table() -> None:
    assert weights([None, 3], "Embedding", input_dim=9, output_dim=4, lora_rank=2) == {
        "embeddings": ((9, 4), False),
        "lora_embeddings_a": ((9, 2), True),
        "lora_embeddings_b": ((2, 4), True),
    }


def test_weights_at_rest() -> None:
    assert weights([None, 3], "Dense", units=4, trainable=False) == {
        "kernel": ((3, 4), False),
        "bias": ((4,), False),
    }


POLICIES: dict[str, tuple[Any, str | None]] = {
    "by name": ("int8_from_float32", "int8"),
    "as an object": ({"class_name": "Int4DTypePolicy", "config": {"mode": "int4/64"}}, "int4/64"),
    "no quantization": ({"class_name": "DTypePolicy", "config": {"name": "float16"}}, None),
    "no quantization, by name": ("mixed_float16", None),
}


@pytest.mark.parametrize("name", POLICIES)
def test_quantized_weights_are_noted(name: str) -> None:
    dtype, mode = POLICIES[name]
    found = entry([None, 3], "Dense", units=4, dtype=dtype)
    assert found.params == 3 * 4 + 4
    assert [(note.code, f"to {mode}," in note.message) for note in found.notes] == (
        [("quantized_weights", True)] if mode else []
    )


FAULTS: dict[str, tuple[str, dict[str, Any], Sizes, str, str]] = {
    "too few axes": (
        "Dense",
        {"units": 3},
        [7],
        "/layers/0",
        "needs at least 2 axes, got 1: (7,)",
    ),
    "open features": (
        "Dense",
        {"units": 3},
        [None, 4, None],
        "/layers/0",
        "the kernel needs a known size on axis -1, got (?, 4, ?)",
    ),
    "constraint": (
        "Embedding",
        {"input_dim": 3, "output_dim": 2, "lora_rank": 1, "embeddings_constraint": "unit_norm"},
        [None, 4],
        "/layers/0/lora_rank",
        "a weight with a constraint takes no lora_rank",
    ),
    "a table that is not tied": (
        "ReversibleEmbedding",
        {"input_dim": 3, "output_dim": 2, "lora_rank": 1, "tie_weights": False},
        [None, 4],
        "/layers/0/lora_rank",
        "cannot adapt a table that is not tied",
    ),
    "no such form": (
        "EinsumDense",
        {"equation": "ab,bc", "output_shape": 3},
        [None, 4],
        "/layers/0/equation",
        "needs a form such as 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...', got 'ab,bc'",
    ),
    "a letter from nowhere": (
        "EinsumDense",
        {"equation": "ab,bc->ad", "output_shape": 3},
        [None, 4],
        "/layers/0/equation",
        "the result `ad` has `d`, which stands nowhere else",
    ),
    "a letter twice": (
        "EinsumDense",
        {"equation": "ab,bc->aa", "output_shape": 3},
        [None, 4],
        "/layers/0/equation",
        "the result `aa` has a letter twice",
    ),
    "too few sizes": (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": 3},
        [None, 4, 5],
        "/layers/0/output_shape",
        "needs 2 sizes for the result `abd`, got 1",
    ),
    "a size that a weight needs": (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": [4, None]},
        [None, 4, 5],
        "/layers/0/output_shape",
        "has to give the size of `d` for the weights",
    ),
    "a bias along a strange letter": (
        "EinsumDense",
        {"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "b"},
        [None, 4],
        "/layers/0/bias_axes",
        "needs letters of the result `ac`, got 'b'",
    ),
    "two sizes of a letter": (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": [7, 3]},
        [None, 5, 4],
        "/layers/0/output_shape",
        "the letter `b` has size 5 in the input (?, 5, 4), but 7 in the result",
    ),
    "a rank": (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": [None, 3]},
        [None, 5],
        "/layers/0",
        "needs 3 axes for the letters `abc`, got 2: (?, 5)",
    ),
    "only the dots may stand for the batch": (
        "EinsumDense",
        {"equation": "...x,xy->...y", "output_shape": 3},
        [5],
        "/layers/0",
        "needs more than 1 axes for the letters `x`, got 1: (5,)",
    ),
    "no diagonal": (
        "EinsumDense",
        {"equation": "aab,bc->ac", "output_shape": 3},
        [2, 3, 5],
        "/layers/0",
        "the letter `a` has sizes 2 and 3 in the input (2, 3, 5)",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    kind, parameters, shape, place, detail = FAULTS[name]
    assert fault(shape, kind, **parameters) == (place, detail)


def test_scores_of_vectors_of_another_length() -> None:
    layer = {"type": "ReversibleEmbedding", "input_dim": 9, "output_dim": 4}
    document = {"input_shape": [None, 5], "layers": [{**layer, "call": {"reverse": True}}]}
    with pytest.raises(ShapesDoNotFit) as caught:
        infer(read_stack(document, Options()))
    (found,) = caught.value.faults
    assert found.place == "/layers/0/output_dim"
    assert found.detail == "needs 4 features on the last axis, got (?, 5)"
