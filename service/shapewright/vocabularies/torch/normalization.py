"""PyTorch's normalizations: by statistics of the batch, of channels, groups and features."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from shapewright.arithmetic.dimension import show
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect, ExpectSeveral, from_rank
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Flag, Integer, Integers, Number, Parameter, ignored
from shapewright.vocabularies.torch.common import (
    FACTORY,
    Ints,
    batch_optional,
    declare,
    layout,
    weights,
)


def _scaled(shape: Ints, affine: bool, bias: bool, mixed: Ints | None = ()) -> Elementwise:
    """Scaled and shifted by learned numbers; statistics are taken along the `mixed` axes."""
    scale = shape if affine else None
    return Elementwise(weights(weight=scale, bias=scale if bias else None), mixed, mixing=True)


def batch_normalization(
    rank: int, num_features: int, affine: bool, track_running_stats: bool, bias: bool, **_: Any
) -> Operation:
    """BatchNorm1d to 3d as they work in inference: by the statistics that were kept, if they were.

    Nothing but weights and kept statistics insists on the number of channels.
    """
    channels = ((1, (num_features,)),) if affine or track_running_stats else ()
    ranks = (2, 3) if rank == 1 else (rank + 2,)
    needed = Expect(ranks, layout(rank).axes, channels, parameter="num_features")
    kept = () if track_running_stats else (ExpectSeveral(apart=(1,)),)
    return Sequence((needed, *kept, _scaled((num_features,), affine, bias)))


def instance_normalization(
    rank: int, num_features: int, affine: bool, track_running_stats: bool, bias: bool, **_: Any
) -> Operation:
    """InstanceNorm1d to 3d, likewise; the statistics are those of one channel of one sample."""
    place = layout(rank)
    channels = ((1, (num_features,)),) if affine or track_running_stats else ()
    needed = Expect((rank + 2,), place.axes, channels, parameter="num_features")
    kept = () if track_running_stats else (ExpectSeveral(apart=(0, 1)),)
    mixed = () if track_running_stats else place.spatial
    steps = (needed, *kept, _scaled((num_features,), affine, bias, mixed))
    return batch_optional(Sequence(steps), rank, may_be_empty=True)


def group_normalization(
    num_groups: int, num_channels: int, affine: bool, bias: bool, **_: Any
) -> Operation:
    """GroupNorm; only weights insist on the number of channels, but groups have to divide it."""
    if num_channels % num_groups:
        raise ParameterError(
            f"num_channels {num_channels} does not divide into {num_groups} groups", "num_channels"
        )
    needed = Expect(
        from_rank(2),
        "batch, channels, ...",
        sizes=((1, (num_channels,)),) if affine else (),
        multiples=((1, num_groups),),
        parameter="num_channels" if affine else "num_groups",
    )
    several = ExpectSeveral(parts=num_groups)
    return Sequence((needed, several, _scaled((num_channels,), affine, bias, None)))


def layer_normalization(
    normalized_shape: Ints, elementwise_affine: bool, bias: bool = False, **_: Any
) -> Operation:
    """LayerNorm and RMSNorm: the last axes have to be just so, and are normalized together."""
    axes = tuple(range(-len(normalized_shape), 0))
    sizes = tuple((axis, (size,)) for axis, size in zip(axes, normalized_shape, strict=True))
    meaning = f"the last being {show(normalized_shape)}"
    needed = Expect(from_rank(len(axes)), meaning, sizes, parameter="normalized_shape")
    return Sequence((needed, _scaled(normalized_shape, elementwise_affine, bias, axes)))


def local_response_normalization(size: int) -> Operation:
    """LocalResponseNorm."""
    needed = Expect(from_rank(3), "batch, channels, spatial axes")
    return Sequence((needed, Elementwise(axes=(1,), mixing=True)))


_AFFINE: Final[Mapping[str, Parameter[Any]]] = {
    "elementwise_affine": Flag(True, doc="learn a factor for each feature"),
}

_BIAS: Final[Mapping[str, Parameter[Any]]] = {
    "bias": Flag(True, doc="learn an offset beside the factor"),
}


def _kept(affine: bool, track: bool, **eps: Parameter[Any]) -> dict[str, Parameter[Any]]:
    """The parameters of batch and instance normalization, with their defaults."""
    return {
        "num_features": Integer(minimum=0, doc="the channels that arrive"),
        **eps,
        "momentum": Number(0.1, nullable=True),
        "affine": Flag(affine, doc="learn a factor and an offset for each channel"),
        "track_running_stats": Flag(track, doc="keep statistics in training, for inference"),
        **FACTORY,
        **_BIAS,
    }


def _batch(rank: int) -> LayerType:
    return declare(
        f"BatchNorm{rank}d",
        f"Channels of {rank} spatial axes scaled by their mean and variance over the batch.",
        "batchnorm.py",
        _kept(affine=True, track=True, eps=Number(1e-5, minimum=0)),
        partial(batch_normalization, rank),
    )


def _instance(rank: int) -> LayerType:
    return declare(
        f"InstanceNorm{rank}d",
        f"Each channel of {rank} spatial axes scaled by its own mean and variance.",
        "instancenorm.py",
        _kept(affine=False, track=False, eps=Number(1e-5)),
        partial(instance_normalization, rank),
    )


def _normalized_shape() -> dict[str, Parameter[Any]]:
    doc = "the sizes of the last axes, which are normalized together"
    return {"normalized_shape": Integers(minimum=0, single=True, shortest=1, longest=16, doc=doc)}


LAYERS = (
    *map(_batch, (1, 2, 3)),
    *map(_instance, (1, 2, 3)),
    declare(
        "GroupNorm",
        "Groups of channels scaled by the mean and variance of all their elements.",
        "normalization.py",
        {
            "num_groups": Integer(minimum=1, doc="groups of neighbouring channels"),
            "num_channels": Integer(minimum=0, doc="the channels that arrive"),
            "eps": Number(1e-5),
            "affine": Flag(True, doc="learn a factor and an offset for each channel"),
            **FACTORY,
            **_BIAS,
        },
        group_normalization,
    ),
    declare(
        "LayerNorm",
        "The last axes scaled by the mean and variance of all their elements.",
        "normalization.py",
        {**_normalized_shape(), "eps": Number(1e-5), **_AFFINE, **_BIAS, **FACTORY},
        layer_normalization,
    ),
    declare(
        "RMSNorm",
        "The last axes scaled by the root of the mean square of all their elements.",
        "normalization.py",
        {**_normalized_shape(), "eps": Number(None), **_AFFINE, **FACTORY},
        layer_normalization,
    ),
    declare(
        "LocalResponseNorm",
        "Channels divided by a power of the sum of squares of their neighbours.",
        "normalization.py",
        {
            "size": Integer(minimum=1, doc="how many neighbouring channels"),
            **ignored("alpha", "beta", "k"),
        },
        local_response_normalization,
    ),
)
