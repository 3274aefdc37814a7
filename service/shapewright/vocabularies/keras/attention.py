"""Keras's attention without projections."""

from __future__ import annotations

from typing import Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.attention import Attention
from shapewright.operations.base import Axis, Operation, WeightTemplate
from shapewright.operations.wrapper import fed
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.parameters import Choice, Flag, Number, ignored

ARGUMENTS: Final = ("inputs", "mask", "training", "return_attention_scores")


def _attention(use_scale: bool, score_mode: str, dropout: float, call: Call) -> Operation:
    names = {"scale": use_scale, "concat_score_weight": score_mode == "concat"}
    weights = tuple(WeightTemplate(name, ()) for name, used in names.items() if used)
    return _on_list(call, score_mode == "concat", weights)


def _additive_attention(use_scale: bool, dropout: float, call: Call) -> Operation:
    weights = (WeightTemplate("scale", (Axis(),)),) if use_scale else ()
    return _on_list(call, True, weights)


def _on_list(call: Call, additive: bool, weights: tuple[WeightTemplate, ...]) -> Operation:
    """Attention on one list of a query, a value and, where it is not the value, a key."""
    given = call.bind(ARGUMENTS)
    tensors = slots(given.get("inputs"))
    if not 2 <= len(tensors) <= 3:
        raise ParameterError(
            f"is called on a list of 2 or 3 tensors, query, value and perhaps key, "
            f"got {len(tensors)}"
        )
    scores = bool(given.get("return_attention_scores"))
    operands = (tensors[0], tensors[-1], tensors[1])
    return fed(Attention(additive, scores, weights), operands, call.count)


LAYERS = (
    declare(
        "Attention",
        "Dot-product attention on a list of a query, a value and perhaps a key.",
        "attention/attention.py",
        {
            "use_scale": Flag(False, doc="multiply the scores with a number that trains"),
            "score_mode": Choice("dot", "concat", default="dot", doc="how scores are made"),
            "dropout": Number(0.0, doc="how many scores are dropped in training"),
            **ignored("seed"),
        },
        _attention,
    ),
    declare(
        "AdditiveAttention",
        "Attention whose scores are sums over the features of query and key together.",
        "attention/additive_attention.py",
        {
            "use_scale": Flag(True, doc="multiply each feature with a number that trains"),
            "dropout": Number(0.0, doc="how many scores are dropped in training"),
            **ignored("seed"),
        },
        _additive_attention,
    ),
)
