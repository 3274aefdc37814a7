"""PyTorch's modules without windows: maps of features, and new axes for old ones."""

from __future__ import annotations

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.bilinear import Bilinear
from shapewright.operations.dense import Dense
from shapewright.operations.identity import Elementwise
from shapewright.operations.reshape import INFERRED, Reshape
from shapewright.vocabularies.parameters import Flag, Integer, Integers
from shapewright.vocabularies.torch.common import FACTORY, Ints, declare, weights


def linear(in_features: int, out_features: int, bias: bool) -> Operation:
    """Linear."""
    return Dense(
        units=out_features,
        features=in_features,
        weights=weights(weight=(out_features, in_features), bias=(out_features,) if bias else None),
    )


def flatten(start_dim: int, end_dim: int) -> Operation:
    """Flatten."""
    return Reshape((INFERRED,), first=start_dim, last=end_dim)


def unflatten(dim: int, unflattened_size: Ints) -> Operation:
    """Unflatten; one of the sizes may be -1."""
    if unflattened_size.count(INFERRED) > 1:
        raise ParameterError(
            f"only one size may be {INFERRED}, got {list(unflattened_size)}", "unflattened_size"
        )
    return Reshape(unflattened_size, first=dim, last=dim)


def bilinear(in1_features: int, in2_features: int, out_features: int, bias: bool) -> Operation:
    """Bilinear, of two tensors."""
    return Bilinear(
        units=out_features,
        features=(in1_features, in2_features),
        weights=weights(
            weight=(out_features, in1_features, in2_features),
            bias=(out_features,) if bias else None,
        ),
    )


LAYERS = (
    declare(
        "Linear",
        "Every position's features become others, each a learned sum over all of them.",
        "linear.py",
        {
            "in_features": Integer(minimum=0, doc="features that arrive on the last axis"),
            "out_features": Integer(minimum=0, doc="features that leave"),
            "bias": Flag(True, doc="add one number to each feature"),
            **FACTORY,
        },
        linear,
        spelling={"features": "in_features"},
    ),
    declare(
        "Flatten",
        "A run of axes made one.",
        "flatten.py",
        {
            "start_dim": Integer(1, doc="the first axis of the run"),
            "end_dim": Integer(-1, doc="the last axis of the run"),
        },
        flatten,
        spelling={"first": "start_dim", "last": "end_dim"},
    ),
    declare(
        "Unflatten",
        "One axis made several.",
        "flatten.py",
        {
            "dim": Integer(doc="the axis"),
            "unflattened_size": Integers(
                minimum=INFERRED, shortest=1, longest=16, doc="its sizes; one may be -1"
            ),
        },
        unflatten,
        spelling={"first": "dim", "last": "dim", "target": "unflattened_size"},
    ),
    declare("Identity", "What arrives.", "linear.py", {}, Elementwise),
    declare(
        "Bilinear",
        "Every position's features of two tensors become others, each weighing all their products.",
        "linear.py",
        {
            "in1_features": Integer(minimum=1, doc="features of the first tensor"),
            "in2_features": Integer(minimum=1, doc="features of the second tensor"),
            "out_features": Integer(minimum=0, doc="features that leave"),
            "bias": Flag(True, doc="add one number to each feature"),
            **FACTORY,
        },
        bilinear,
        spelling={"features1": "in1_features", "features2": "in2_features"},
        arguments=("input1", "input2"),
    ),
)
