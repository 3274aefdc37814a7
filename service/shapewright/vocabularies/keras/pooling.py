"""Keras's pooling layers: by windows, over whole axes, and into given sizes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from shapewright.arithmetic.window import Window
from shapewright.operations.base import Operation
from shapewright.operations.pooling import AdaptivePooling, GlobalPooling, Pooling, Reducer
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.common import data_format, declare, layout
from shapewright.vocabularies.keras.window import Ints
from shapewright.vocabularies.parameters import Choice, Flag, PerAxis

REDUCERS: Final[Mapping[str, Reducer]] = {"Max": "max", "Average": "average"}
"""The word in a layer's name, and what it does; `MaxPool2D` and `AvgPool2D` are aliases."""

POOL_SIZES: Final[Mapping[str, tuple[int, ...]]] = {"Max": (2,), "Average": ()}
"""The default of `pool_size`; an average has none."""


def pooling(
    rank: int,
    reducer: Reducer,
    pool_size: Ints,
    strides: Ints | None,
    padding: str,
    data_format: str | None,
) -> Operation:
    """MaxPooling1D to AveragePooling3D; the stride is the window's size by default."""
    return Pooling(
        layout=layout(rank, data_format),
        windows=tuple(map(Window, pool_size, strides or pool_size)),
        paddings=(padding,) * rank,
        mode=padding,
        reducer=reducer,
    )


def global_pooling(
    rank: int, reducer: Reducer, data_format: str | None, keepdims: bool
) -> Operation:
    """GlobalMaxPooling1D to GlobalAveragePooling3D."""
    return GlobalPooling(layout(rank, data_format), keepdims, reducer)


def adaptive_pooling(
    rank: int, reducer: Reducer, output_size: Ints, data_format: str | None
) -> Operation:
    """AdaptiveMaxPooling1D to AdaptiveAveragePooling3D."""
    return AdaptivePooling(layout(rank, data_format), output_size, reducer)


def _pooling(rank: int, word: str) -> LayerType:
    reducer = REDUCERS[word]
    return declare(
        f"{word}Pooling{rank}D",
        f"The {reducer} of what a sliding window covers, channel by channel.",
        f"pooling/{reducer}_pooling{rank}d.py",
        {
            "pool_size": PerAxis(rank, *POOL_SIZES[word], doc="taps along each spatial axis"),
            "strides": PerAxis(rank, None, doc="how far the window moves; null is `pool_size`"),
            "padding": Choice("valid", "same", default="valid", doc="what lies at the border"),
            "data_format": data_format(),
        },
        partial(pooling, rank, reducer),
        spelling={"kernel_size": "pool_size"},
    )


def _global(rank: int, word: str) -> LayerType:
    reducer = REDUCERS[word]
    return declare(
        f"Global{word}Pooling{rank}D",
        f"The {reducer} of each channel over all spatial axes.",
        f"pooling/global_{reducer}_pooling{rank}d.py",
        {
            "data_format": data_format(),
            "keepdims": Flag(False, doc="leave the spatial axes, with size 1"),
        },
        partial(global_pooling, rank, reducer),
    )


def _adaptive(rank: int, word: str) -> LayerType:
    reducer = REDUCERS[word]
    return declare(
        f"Adaptive{word}Pooling{rank}D",
        f"The {reducer} of each of a given number of parts of each spatial axis.",
        f"pooling/adaptive_{reducer}_pooling{rank}d.py",
        {
            "output_size": PerAxis(rank, doc="the sizes of the spatial axes afterwards"),
            "data_format": data_format(any_case=False),
        },
        partial(adaptive_pooling, rank, reducer),
    )


LAYERS = tuple(
    kind(rank, word)
    for kind in (_pooling, _global, _adaptive)
    for rank in (1, 2, 3)
    for word in REDUCERS
)
ALIASES = {
    f"{reach}{short}Pool{rank}D": f"{reach}{word}Pooling{rank}D"
    for reach in ("", "Global")
    for short, word in (("Max", "Max"), ("Avg", "Average"))
    for rank in (1, 2, 3)
}
