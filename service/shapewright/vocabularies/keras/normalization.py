"""Keras's normalizations: by statistics of the batch, of axes, of groups, and to unit length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Axis, Operation, Part, WeightTemplate
from shapewright.operations.identity import Elementwise
from shapewright.operations.normalization import GroupNormalization
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.weight_options import weight_options
from shapewright.vocabularies.parameters import (
    MOST_AXES,
    Anything,
    Flag,
    Integer,
    Integers,
    Number,
    Parameter,
    ignored,
    quote,
)

Ints = tuple[int, ...]


def _scale_and_shift(scale: bool, center: bool, *shape: Part) -> tuple[WeightTemplate, ...]:
    names = ("gamma",) * scale + ("beta",) * center
    return tuple(WeightTemplate(name, shape) for name in names)


def batch_normalization(
    axis: int, center: bool, scale: bool, renorm: bool, renorm_clipping: Any, **_: Any
) -> Operation:
    """BatchNormalization as it works in inference, by statistics that are kept."""
    statistics = ["moving_mean", "moving_variance"]
    if renorm:
        _check_clipping(renorm_clipping or {})
        statistics += ["moving_stddev", "renorm_mean", "renorm_stddev"]
    kept = (WeightTemplate(name, (Axis(axis),), trainable=False) for name in statistics)
    return Elementwise((*_scale_and_shift(scale, center, Axis(axis)), *kept), axes=(axis,))


def _check_clipping(limits: Any) -> None:
    number = (int, float, type(None))
    if (
        not isinstance(limits, dict)
        or limits.keys() - {"rmin", "rmax", "dmax"}
        or not all(isinstance(limit, number) for limit in limits.values())
    ):
        raise ParameterError(
            f"needs an object with numbers rmin, rmax and dmax, got {quote(limits)}",
            "renorm_clipping",
        )
    rmin, rmax, dmax = map(limits.get, ("rmin", "rmax", "dmax"))
    if rmin is not None and rmax is not None and rmax < rmin:
        raise ParameterError(f"rmax is {rmax}, below rmin {rmin}", "renorm_clipping")
    if dmax is not None and dmax < 0:
        raise ParameterError(f"dmax has to be >= 0, got {dmax}", "renorm_clipping")


def layer_normalization(
    axis: Ints, center: bool, scale: bool, rms_scaling: bool, **_: Any
) -> Operation:
    """LayerNormalization; the weights have the axes in order of their numbers."""
    shape = map(Axis, sorted(axis))
    weights = _scale_and_shift(scale or rms_scaling, center and not rms_scaling, *shape)
    return Elementwise(weights, axes=axis, mixing=True)


def group_normalization(groups: int, axis: int, center: bool, scale: bool, **_: Any) -> Operation:
    """GroupNormalization; -1 makes every channel a group."""
    if groups == 0:
        raise ParameterError("needs a positive integer, or -1 for groups of one channel", "groups")
    weights = _scale_and_shift(scale, center, Axis(axis))
    return GroupNormalization(axis, None if groups == -1 else groups, weights)


def rms_normalization(axis: Ints, **_: Any) -> Operation:
    """RMSNormalization."""
    weights = (WeightTemplate("scale", tuple(map(Axis, sorted(axis)))),)
    return Elementwise(weights, axes=axis, mixing=True)


def unit_normalization(axis: Ints) -> Operation:
    """UnitNormalization."""
    return Elementwise(axes=axis, mixing=True)


def _axes() -> Integers:
    return Integers(
        (-1,),
        single=True,
        longest=MOST_AXES,
        doc="the axes along which elements are normalized together",
    )


def _epsilon(default: float) -> Mapping[str, Parameter[Any]]:
    return {"epsilon": Number(default, doc="added to the variance, against division by zero")}


WEIGHTS: Final[Mapping[str, Parameter[Any]]] = {
    "center": Flag(True, doc="learn a shift, `beta`"),
    "scale": Flag(True, doc="learn a factor, `gamma`"),
    **weight_options("beta", "gamma"),
}

LAYERS = (
    declare(
        "BatchNormalization",
        "Each channel by its mean and variance over the batch, kept from training.",
        "normalization/batch_normalization.py",
        {
            "axis": Integer(-1, doc="the channels"),
            "momentum": Number(0.99, doc="how slowly the statistics follow the batches"),
            **_epsilon(0.001),
            **WEIGHTS,
            "synchronized": Flag(False, doc="take statistics over the batches of all devices"),
            "renorm": Flag(False, doc="correct batch statistics by those that are kept"),
            "renorm_clipping": Anything(None, doc="bounds rmin, rmax and dmax of the correction"),
            **ignored("renorm_momentum", "moving_mean_initializer", "moving_variance_initializer"),
        },
        batch_normalization,
    ),
    declare(
        "LayerNormalization",
        "Each sample by its own mean and variance along some axes.",
        "normalization/layer_normalization.py",
        {
            "axis": _axes(),
            **_epsilon(0.001),
            **WEIGHTS,
            "rms_scaling": Flag(False, doc="the old way to leave out the mean; there is no shift"),
        },
        layer_normalization,
    ),
    declare(
        "GroupNormalization",
        "Groups of each sample's channels by their own mean and variance.",
        "normalization/group_normalization.py",
        {
            "groups": Integer(32, minimum=-1, doc="how many groups; -1 is one for each channel"),
            "axis": Integer(-1, doc="the channels"),
            **_epsilon(0.001),
            **WEIGHTS,
        },
        group_normalization,
    ),
    declare(
        "RMSNormalization",
        "Each sample by its root mean square along some axes.",
        "normalization/rms_normalization.py",
        {"axis": _axes(), **_epsilon(1e-6)},
        rms_normalization,
    ),
    declare(
        "UnitNormalization",
        "Each sample made a vector of length 1 along some axes.",
        "normalization/unit_normalization.py",
        {"axis": _axes()},
        unit_normalization,
    ),
)
