"""Keras's layers that bring features into a form that a network can take."""

from __future__ import annotations

from typing import Any

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.encoding import Cross, MultiHot
from shapewright.operations.merge import Broadcast
from shapewright.operations.standardization import Standardize
from shapewright.operations.wrapper import Fed, Sequence
from shapewright.vocabularies.call import Call, slots
from shapewright.vocabularies.keras.arrays import Array
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.encoding import (
    OLD_NAMES,
    check_sparse,
    encoded,
    output_mode,
    salt,
)
from shapewright.vocabularies.parameters import Flag, Ignored, Integer, Integers, Number

Ints = tuple[int, ...]


def rescaling(scale: Ints, offset: Ints) -> Operation:
    """Rescaling; lists are stretched along the input as in any multiplication."""
    return Fed(Broadcast(settle=False), (0, scale, offset))


def normalization(
    axis: Ints | None, mean: Ints | None, variance: Ints | None, invert: bool
) -> Operation:
    """Normalization: statistics are given, or weights that `adapt` sets."""
    axes = axis or ()
    if mean != variance:
        raise ParameterError(
            f"mean and variance are set together and have one shape, "
            f"got {_shape(mean)} and {_shape(variance)}",
            "variance",
        )
    if mean is not None and len(mean) > len(axes):
        raise ParameterError(
            f"mean has {len(mean)} axes, but axis names only {len(axes)}: {list(axes)}", "mean"
        )
    return Standardize(axes, mean, statistics=("mean", "variance"), counters=("count",))


def _shape(statistics: Ints | None) -> str:
    return "null" if statistics is None else f"shape {list(statistics)}"


def discretization(
    bin_boundaries: Ints | None,
    num_bins: int | None,
    output_mode: str,
    sparse: bool,
    **_: Any,
) -> Operation:
    """Discretization; a layer that was adapted has both the number of bins and boundaries."""
    check_sparse(sparse, output_mode)
    if bin_boundaries is None:
        if num_bins is None:
            raise ParameterError("needs bin_boundaries or num_bins, got neither", "num_bins")
        return encoded(output_mode, num_bins, settle=True)
    bins = bin_boundaries[0] + 1
    # Keras adapts by steps of 1 / num_bins, and may come by rounding to one bin more.
    if num_bins is not None and num_bins not in (bins, max(bins - 1, 1)):
        raise ParameterError(
            f"{bins - 1} bin_boundaries make {bins} bins, but num_bins is {num_bins}", "num_bins"
        )
    return encoded(output_mode, bins, settle=True)


def hashing(num_bins: int, output_mode: str, sparse: bool, **_: Any) -> Operation:
    """Hashing; it drops a last axis of 1 itself, before the encoding does."""
    check_sparse(sparse, output_mode)
    return encoded(output_mode, num_bins, squeezed=2)


def hashed_crossing(num_bins: int, output_mode: str, **_: Any) -> Operation:
    """HashedCrossing."""
    return Sequence((Cross(2), encoded(output_mode, num_bins)))


def category_encoding(call: Call, num_tokens: int, output_mode: str, **_: Any) -> Operation:
    """CategoryEncoding; counts may be weighed by a second input."""
    mode = OLD_NAMES.get(output_mode, output_mode)
    arguments = call.bind(("inputs", "count_weights"))
    weights = slots(arguments.get("count_weights"))
    if not weights:
        return encoded(mode, num_tokens)
    if mode != "count":
        raise ParameterError(
            f"count_weights go with output_mode 'count' only, got '{mode}'", "output_mode"
        )
    return MultiHot(num_tokens, count=2, settle=False)


LAYERS = (
    declare(
        "Rescaling",
        "A factor and an offset for each value.",
        "preprocessing/rescaling.py",
        {"scale": Array(doc="the factor"), "offset": Array(0.0, doc="what is added afterwards")},
        rescaling,
    ),
    declare(
        "Normalization",
        "Features shifted to mean 0 and scaled to variance 1.",
        "preprocessing/normalization.py",
        {
            "axis": Integers(
                (-1,), single=True, nullable=True, doc="axes whose places have their own statistics"
            ),
            "mean": Array(None, doc="null: found by `adapt`, and a weight"),
            "variance": Array(None, doc="null: found by `adapt`, and a weight"),
            "invert": Flag(False, doc="undo a normalization"),
        },
        normalization,
        spelling={"given": "mean"},
    ),
    declare(
        "Discretization",
        "Numbers to the numbers of the bins they lie in.",
        "preprocessing/discretization.py",
        {
            "bin_boundaries": Array(None, rank=1, doc="where one bin ends and the next begins"),
            "num_bins": Integer(None, minimum=0, doc="how many bins `adapt` finds"),
            "epsilon": Number(0.01, doc="how exact the quantiles are that `adapt` finds"),
            "output_mode": output_mode("int", "one_hot", "multi_hot", "count", default="int"),
            "sparse": Flag(False),
        },
        discretization,
    ),
    declare(
        "Hashing",
        "Categories to the numbers of bins, by a hash.",
        "preprocessing/hashing.py",
        {
            "num_bins": Integer(minimum=1, doc="how many bins there are"),
            "mask_value": Ignored(doc="what goes to bin 0"),
            "salt": salt(),
            "output_mode": output_mode("int", "one_hot", "multi_hot", "count", default="int"),
            "sparse": Flag(False),
        },
        hashing,
    ),
    declare(
        "HashedCrossing",
        "Two categories together to the number of a bin, by a hash.",
        "preprocessing/hashed_crossing.py",
        {
            "num_bins": Integer(minimum=0, doc="how many bins there are"),
            "output_mode": output_mode("int", "one_hot", default="int"),
            "sparse": Flag(False),
        },
        hashed_crossing,
    ),
    declare(
        "CategoryEncoding",
        "The numbers of categories as vectors.",
        "preprocessing/category_encoding.py",
        {
            "num_tokens": Integer(minimum=1, doc="how many categories there are"),
            "output_mode": output_mode(
                "one_hot", "multi_hot", "count", "binary", default="multi_hot"
            ),
            "sparse": Flag(False),
        },
        category_encoding,
        arguments=("inputs", "count_weights"),
    ),
)
