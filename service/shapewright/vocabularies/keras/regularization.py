"""Keras's layers that change values in training only, and no shape ever."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.keras.sizes import Sizes
from shapewright.vocabularies.parameters import Number, Parameter, ignored


def unchanged(**_: Any) -> Operation:
    """All of these layers, once their parameters are checked."""
    return Elementwise()


def spatial_dropout(rank: int, data_format: str | None = None, **_: Any) -> Operation:
    """SpatialDropout1D, SpatialDropout2D, SpatialDropout3D."""
    place = layout(rank, data_format)
    return Expect((rank + 2,), place.axes)


def _rate() -> Number:
    return Number(minimum=0, maximum=1, doc="the share that is dropped, or the noise's strength")


def _declare(
    name: str,
    summary: str,
    module: str,
    parameters: dict[str, Parameter[Any]],
    build: Callable[..., Operation] = unchanged,
) -> LayerType:
    return declare(name, summary, f"regularization/{module}.py", parameters, build)


def _spatial_dropout(rank: int) -> LayerType:
    formats = {"data_format": data_format()} if rank > 1 else {}
    return _declare(
        f"SpatialDropout{rank}D",
        f"Drops whole channels over {rank} spatial axes in training.",
        "spatial_dropout",
        {"rate": _rate(), **formats, **ignored("seed")},
        partial(spatial_dropout, rank),
    )


LAYERS = (
    _declare(
        "Dropout",
        "Drops elements in training.",
        "dropout",
        {
            "rate": _rate(),
            "noise_shape": Sizes(
                minimum=1, default=None, doc="where it is 1, all along the axis are dropped at once"
            ),
            **ignored("seed"),
        },
    ),
    _declare(
        "AlphaDropout",
        "Drops elements in training and keeps mean and variance.",
        "alpha_dropout",
        {"rate": _rate(), **ignored("noise_shape", "seed")},
    ),
    _declare(
        "GaussianDropout",
        "Multiplies by noise in training.",
        "gaussian_dropout",
        {"rate": _rate(), **ignored("seed")},
    ),
    _declare(
        "GaussianNoise",
        "Adds noise in training.",
        "gaussian_noise",
        {
            "stddev": Number(minimum=0, maximum=1, doc="the noise's standard deviation"),
            **ignored("seed"),
        },
    ),
    *map(_spatial_dropout, (1, 2, 3)),
    _declare(
        "ActivityRegularization",
        "Passes its input on and adds its size to the loss.",
        "activity_regularization",
        {
            "l1": Number(0.0, minimum=0, doc="factor of the absolute values"),
            "l2": Number(0.0, minimum=0, doc="factor of the squares"),
        },
    ),
)
