"""Keras's operations along axes: those that reduce them, and those that keep their sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from shapewright.operations.base import Operation
from shapewright.operations.identity import Elementwise
from shapewright.operations.parallel import Parallel
from shapewright.operations.reduction import Reduce, ShapeOf
from shapewright.operations.reshape import INFERRED, Reshape
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.ops.common import Ints, axes, declare, keepdims
from shapewright.vocabularies.parameters import ignored

REDUCING: Final[Mapping[str, str]] = {
    "linalg.py": "Norm",
    "math.py": "Logsumexp",
    "numpy.py": """
        All Amax Amin Any Argmax Argmin Average CountNonzero Max Mean Median Min Nanargmax Nanargmin
        Nanmax Nanmean Nanmedian Nanmin Nanprod Nanstd Nansum Nanvar Prod Ptp Std Sum Var
    """,
}
"""Operations that make one value of each axis, by the file that they are in."""

KEEPING: Final[Mapping[str, str]] = {
    "nn.py": "LogSoftmax Normalize Softmax Sparsemax",
    "numpy.py": "Flip Roll",
}
"""Operations along axes that keep the shape; without axes they work along all."""

FLATTENING: Final = "Argsort Cumprod Cumsum Nancumprod Nancumsum Sort"
"""Operations along one axis that keep the shape, and without an axis flatten it."""

LAST_BY_DEFAULT: Final = frozenset(
    ("Argsort", "LogSoftmax", "Normalize", "Softmax", "Sort", "Sparsemax")
)
"""Which of these work along the last axis where none is given."""

SETTINGS: Final[Mapping[str, str]] = {
    "Cumprod": "dtype",
    "Cumsum": "dtype",
    "Max": "initial",
    "Min": "initial",
    "Nancumprod": "dtype",
    "Nancumsum": "dtype",
    "Norm": "ord",
    "Normalize": "order epsilon",
    "Prod": "dtype",
    "Roll": "shift",
}
"""Parameters that change no shape."""

WITHOUT_KEEPDIMS: Final = frozenset(("Average", "CountNonzero"))


def reduce(axis: Ints | None, keepdims: bool = False) -> Operation:
    """Operations that make one value of each axis."""
    return Reduce(axis, keepdims)


def keep(axis: Ints | None) -> Operation:
    """Operations along axes that keep the shape."""
    if axis is None:
        return Parallel(((0, Elementwise()),))
    return Elementwise(axes=axis, mixing=True)


def flatten(axis: Ints | None) -> Operation:
    """Operations along one axis that flatten the tensor without one."""
    return Reshape((INFERRED,)) if axis is None else keep(axis)


def moments(axes: Ints | None, keepdims: bool) -> Operation:
    """Moments: the mean and the variance."""
    return Parallel(((0, Reduce(axes, keepdims)), (0, Reduce(axes, keepdims))))


def _reducing(name: str, source: str) -> LayerType:
    parameters = {"axis": axes(), **ignored(*SETTINGS.get(name, "").split())}
    if name not in WITHOUT_KEEPDIMS:
        parameters["keepdims"] = keepdims()
    return declare(name, "One value of all along some axes.", source, parameters, reduce, "x")


def _along(name: str, source: str, build: Callable[..., Operation]) -> LayerType:
    parameters = {
        "axis": axes((-1,) if name in LAST_BY_DEFAULT else None),
        **ignored(*SETTINGS.get(name, "").split()),
    }
    summary = "Works along some axes and keeps their sizes."
    return declare(name, summary, source, parameters, build, "x")


LAYERS = (
    *(_reducing(name, source) for source, names in REDUCING.items() for name in names.split()),
    *(_along(name, source, keep) for source, names in KEEPING.items() for name in names.split()),
    *(_along(name, "numpy.py", flatten) for name in FLATTENING.split()),
    declare("Ndim", "How many axes there are.", "numpy.py", {}, Reduce, "x"),
    declare("Size", "How many elements there are.", "numpy.py", {}, Reduce, "x"),
    declare("Shape", "How long the axes are.", "core.py", {}, ShapeOf, "x"),
    declare(
        "Moments",
        "The mean and the variance of all along some axes.",
        "nn.py",
        {"axes": axes(), "keepdims": keepdims(), **ignored("synchronized")},
        moments,
        "x",
    ),
)
