"""Keras's operations that put the same elements under other axes, or repeat them."""

from __future__ import annotations

from typing import Final

from shapewright.arithmetic.dimension import Shape
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import Expect
from shapewright.operations.base import Operation
from shapewright.operations.merge import Broadcast
from shapewright.operations.move import MoveAxes, ReverseAxes, SwapAxes
from shapewright.operations.pad import Margin, Pad
from shapewright.operations.permute import Permute
from shapewright.operations.repeat import Repeat, Tile
from shapewright.operations.reshape import INFERRED, Reshape
from shapewright.operations.squeeze import ExpandDims, Squeeze
from shapewright.operations.wrapper import Fed, Sequence
from shapewright.vocabularies.keras.ops.common import (
    Ints,
    Pairs,
    axes,
    declare,
    some_axes,
)
from shapewright.vocabularies.keras.sizes import Sizes
from shapewright.vocabularies.parameters import MOST_AXES, Integer, Integers, Text


def reshape(newshape: Shape) -> Operation:
    """Reshape, the batch axis included."""
    if newshape.count(INFERRED) > 1:
        raise ParameterError(f"at most one size can be -1, got {list(newshape)}", "newshape")
    return Reshape(newshape)


def ravel() -> Operation:
    """Ravel."""
    return Reshape((INFERRED,))


def transpose(axes: Ints | None) -> Operation:
    """Transpose; without axes their order is reversed."""
    if axes is None:
        return ReverseAxes()
    order = tuple(axis + len(axes) if axis < 0 else axis for axis in axes)
    if sorted(order) != list(range(len(order))):
        raise ParameterError(f"needs each of {len(order)} axes once, got {list(axes)}", "axes")
    return Permute(order)


def move_axes(source: Ints, destination: Ints) -> Operation:
    """Moveaxis."""
    if len(source) != len(destination):
        raise ParameterError(
            f"{len(source)} axes are to be moved to {len(destination)} places", "destination"
        )
    return MoveAxes(source, destination)


def swap_axes(axis1: int, axis2: int) -> Operation:
    """Swapaxes."""
    return SwapAxes(axis1, axis2)


def expand(axis: Ints) -> Operation:
    """ExpandDims."""
    return ExpandDims(axis)


def squeeze(axis: Ints | None) -> Operation:
    """Squeeze."""
    return Squeeze(axis)


def broadcast_to(shape: Shape) -> Operation:
    """BroadcastTo: what merging with a tensor of that shape gives."""
    return Fed(Broadcast(), (0, shape))


def repeat(repeats: Ints, axis: int | None) -> Operation:
    """Repeat, every element equally often."""
    return Repeat(repeats[0], axis)


def tile(repeats: Ints) -> Operation:
    """Tile."""
    return Tile(repeats)


def pad(pad_width: tuple[Ints, ...], mode: str) -> Operation:
    """Pad."""
    margins = (Margin(axis, *sides) for axis, sides in enumerate(pad_width))
    count = len(pad_width)
    expected = Expect((count,), "one for each pair of `pad_width`")
    return Sequence(
        (expected, Pad(tuple(margins), fill="reflect" if mode.lower() == "reflect" else "constant"))
    )


NUMPY: Final = "numpy.py"

LAYERS = (
    declare(
        "Reshape",
        "The same elements under axes of other sizes.",
        NUMPY,
        {"newshape": Sizes(minimum=-1, single=True, doc="-1 takes what is left")},
        reshape,
        "x",
    ),
    declare("Ravel", "All elements in one row.", NUMPY, {}, ravel, "x"),
    declare("Transpose", "The axes in another order.", NUMPY, {"axes": axes()}, transpose, "x"),
    declare(
        "Moveaxis",
        "Some axes moved to other places.",
        NUMPY,
        {"source": some_axes(), "destination": some_axes()},
        move_axes,
        "x",
    ),
    declare(
        "Swapaxes",
        "Two axes change places.",
        NUMPY,
        {"axis1": Integer(), "axis2": Integer()},
        swap_axes,
        "x",
    ),
    declare("ExpandDims", "New axes of size 1.", NUMPY, {"axis": some_axes()}, expand, "x"),
    declare("Squeeze", "Without axes of size 1.", NUMPY, {"axis": axes()}, squeeze, "x"),
    declare(
        "BroadcastTo",
        "Stretched to another shape.",
        NUMPY,
        {"shape": Sizes(minimum=0)},
        broadcast_to,
        "x",
    ),
    declare(
        "Repeat",
        "Each element several times next to itself.",
        NUMPY,
        {
            "repeats": Integers(minimum=0, single=True, shortest=1, longest=1),
            "axis": Integer(None),
        },
        repeat,
        "x",
    ),
    declare(
        "Tile",
        "The whole tensor several times after itself.",
        NUMPY,
        {"repeats": Integers(minimum=0, single=True, longest=MOST_AXES)},
        tile,
        "x",
    ),
    declare(
        "Pad",
        "Elements added on both sides of each axis.",
        NUMPY,
        {"pad_width": Pairs(), "mode": Text("constant")},
        pad,
        "x",
    ),
)
