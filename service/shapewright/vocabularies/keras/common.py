"""What every Keras layer has, and the declaration that adds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from shapewright.operations.base import Operation
from shapewright.operations.spatial import Layout
from shapewright.operations.wrapper import Frozen
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.weight_options import REGULARIZERS, UnusedOption
from shapewright.vocabularies.parameters import Choice, Flag, Ignored, Parameter

SOURCE: Final = "https://github.com/keras-team/keras/blob/v3.15.1/keras/src/"

CHANNELS_LAST: Final = "channels_last"

COMMON: Final[Mapping[str, Parameter[Any]]] = {
    "trainable": Flag(True, doc="false makes every weight non-trainable"),
    "dtype": Ignored(),
    "activity_regularizer": UnusedOption(REGULARIZERS),
    "autocast": Ignored(),
}


def data_format(*, any_case: bool = True) -> Parameter[Any]:
    """The `data_format` parameter; null stands for Keras's default."""
    return Choice(
        "channels_last",
        "channels_first",
        default=None,
        any_case=any_case,
        doc="where the channels stand",
    )


@cache
def layout(rank: int, format_word: str | None) -> Layout:
    """The layout that a `data_format` word means; Keras's default is channels last."""
    return Layout(rank, (format_word or CHANNELS_LAST) == CHANNELS_LAST)


def declare(
    name: str,
    summary: str,
    source: str,
    parameters: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation],
    *,
    folder: str = "layers",
    **more: Any,
) -> LayerType:
    """A Keras layer type; `source` is the path below a folder of `keras/src`."""
    url = f"{SOURCE}{folder}/{source}"
    return LayerType(name, summary, url, parameters, build, common=COMMON, finish=_finish, **more)


def _finish(operation: Operation, *, trainable: bool) -> Operation:
    return operation if trainable else Frozen(operation)
