"""Keras's pooling operations."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.by_rank import ByRank
from shapewright.operations.pooling import Reducer
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format
from shapewright.vocabularies.keras.ops.common import Ints, declare
from shapewright.vocabularies.keras.pooling import REDUCERS, pooling
from shapewright.vocabularies.parameters import Choice, Either, Integer, Integers, Parameter

OneOrEach: TypeAlias = int | Ints
"""A number for each spatial axis, or one for as many as there are."""


def pool(
    reducer: Reducer,
    pool_size: OneOrEach,
    strides: OneOrEach | None,
    padding: str,
    data_format: str | None,
) -> Operation:
    """MaxPool, AveragePool; the stride is the window's size by default."""
    steps = pool_size if strides is None else strides
    ranks = {len(given) for given in (pool_size, steps) if isinstance(given, tuple)}
    if len(ranks) > 1:
        raise ParameterError(
            f"{pool_size} and {steps} are for different numbers of axes", "strides"
        )
    choices = (
        (
            rank + 2,
            pooling(
                rank, reducer, _each(pool_size, rank), _each(steps, rank), padding, data_format
            ),
        )
        for rank in sorted(ranks or {1, 2, 3})
    )
    return ByRank(tuple(choices))


def _each(given: OneOrEach, rank: int) -> Ints:
    return given if isinstance(given, tuple) else (given,) * rank


def _one_or_each(doc: str, **more: Any) -> Parameter[Any]:
    each = Integers(minimum=1, shortest=1, longest=3)
    return Either(Integer(minimum=1), each, doc=doc, **more)


def _pool(word: str, reducer: Reducer) -> LayerType:
    return declare(
        f"{word}Pool",
        f"The {reducer} of what a sliding window covers, channel by channel.",
        "nn.py",
        {
            "pool_size": _one_or_each("taps along the spatial axes"),
            "strides": _one_or_each("how far the window moves", default=None),
            "padding": Choice("valid", "same", default="valid", any_case=True),
            "data_format": data_format(),
        },
        partial(pool, reducer),
        "inputs",
    )


LAYERS = tuple(_pool(word, reducer) for word, reducer in REDUCERS.items())
