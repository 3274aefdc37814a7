"""How Keras's layers write categories down: their output modes, as parameter and as operation."""

from __future__ import annotations

from typing import Any, Final

from shapewright.arithmetic.dimension import Dimension
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.operations.encoding import MultiHot, OneHot
from shapewright.operations.identity import Elementwise
from shapewright.vocabularies.parameters import Choice, Either, Integer, Pair, Parameter

OLD_NAMES: Final = {"binary": "multi_hot", "tf-idf": "tf_idf"}
"""Output modes as they were called before."""


def output_mode(*words: str, default: str) -> Parameter[Any]:
    """The `output_mode` parameter."""
    return Choice(*words, default=default, doc="how the categories of a sample are written down")


def encoded(mode: str, depth: Dimension, squeezed: int = 1, *, settle: bool = False) -> Operation:
    """The categories of each element as they are, as a vector each, or as one vector together."""
    if mode == "int":
        return Elementwise()
    return OneHot(depth, squeezed) if mode == "one_hot" else MultiHot(depth, settle=settle)


def check_sparse(sparse: bool, mode: str) -> None:
    """Refuse a sparse tensor of categories as they are.

    Raises:
        ParameterError: `sparse` with mode `int`.
    """
    if sparse and mode == "int":
        raise ParameterError("sparse is true, which output_mode 'int' does not allow", "sparse")


def salt() -> Parameter[Any]:
    """The `salt` parameter: what makes a hash another one."""
    number = Integer(minimum=-(2**63), maximum=2**63 - 1)
    return Either(number, Pair(number, number), default=None, nullable=True, doc="changes the hash")
