"""PyTorch's dropouts: elements or whole channels set to 0 at random in training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.parameters import Number
from shapewright.vocabularies.torch.common import INPLACE, declare

SUMMARIES: Final[Mapping[str, str]] = {
    "Dropout": "Elements are set to 0 at random in training.",
    "Dropout1d": "Channels along one axis are set to 0 at random in training.",
    "Dropout2d": "Channels along two axes are set to 0 at random in training.",
    "Dropout3d": "Channels along three axes are set to 0 at random in training.",
    "AlphaDropout": "Elements are replaced at random in training, mean and variance being kept.",
    "FeatureAlphaDropout": "Channels are replaced at random in training, as in AlphaDropout.",
}


def dropout(p: float) -> Operation:
    """A dropout; nothing but values depends on `p`."""
    return Elementwise()


def dropout_along_one_axis(p: float) -> Operation:
    """Dropout1d, the only one of the family that insists on a number of axes."""
    needed = Expect((3, 2), "batch, channels, length; the batch may be left out")
    return Sequence((needed, dropout(p)))


def _dropout(name: str) -> LayerType:
    return declare(
        name,
        SUMMARIES[name],
        "dropout.py",
        {"p": Number(0.5, minimum=0, maximum=1, doc="how probable it is to be dropped"), **INPLACE},
        dropout_along_one_axis if name == "Dropout1d" else dropout,
    )


LAYERS = tuple(map(_dropout, SUMMARIES))
