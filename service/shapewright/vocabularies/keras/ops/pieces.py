"""Keras's operations that take parts of tensors."""

from __future__ import annotations

from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import FixedSizes
from shapewright.operations.base import Operation
from shapewright.operations.gate import Gate
from shapewright.operations.gather import Gather, GatherAlong
from shapewright.operations.indexing import Index, Part, Slice
from shapewright.operations.parallel import Parallel
from shapewright.operations.split import MOST_PIECES, Split, Unstack
from shapewright.operations.wrapper import fed
from shapewright.vocabularies.call import Call, Slot
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.ops.common import SOURCE, Ints, declare
from shapewright.vocabularies.parameters import (
    Either,
    Integer,
    Integers,
    Parameter,
    ignored,
    is_integer,
    quote,
)

NUMPY: Final = "numpy.py"


def get_item(call: Call) -> Operation:
    """GetItem: `x[key]`."""
    bound = call.bind(("x", "key"))
    tensor, key = bound.get("x"), bound.get("key")
    if not isinstance(tensor, Slot):
        raise ParameterError("needs the tensor `x`")
    parts = key if isinstance(key, tuple) else (key,)
    if parts.count(...) > 1:
        raise ParameterError(f"a key has one ellipsis at most, got {parts.count(...)}")
    return fed(Index(tuple(map(_part, parts))), (tensor.index,), call.count)


def _part(value: Any) -> Part:
    if value is None or value is ...:
        return value
    if is_integer(value):
        return int(value)
    if isinstance(value, slice):
        ends = (value.start, value.stop, value.step)
        if value.step != 0 and all(end is None or is_integer(end) for end in ends):
            return Slice(*ends)
    raise ParameterError(f"a key has integers, slices of them, null and `...`, got {quote(value)}")


def split(indices_or_sections: int | Ints, axis: int) -> Operation:
    """Split."""
    return Split(axis, indices_or_sections)


def array_split(indices_or_sections: int, axis: int) -> Operation:
    """ArraySplit: the pieces may differ by one."""
    return Split(axis, indices_or_sections, uneven=True)


def unstack(num: int | None, axis: int) -> Operation:
    """Unstack."""
    return Unstack(axis, num)


def top_k(k: int) -> Operation:
    """TopK: the largest elements, and where they were."""
    largest = FixedSizes(((-1, k),))
    return Parallel(((0, largest), (0, largest)))


def take(axis: int | None) -> Operation:
    """Take."""
    return Gather(axis)


def take_along(axis: int | None) -> Operation:
    """TakeAlongAxis."""
    return GatherAlong(axis)


def glu(axis: int) -> Operation:
    """Glu."""
    return Gate(axis)


def _pieces() -> Parameter[Any]:
    return Either(
        Integer(minimum=1, maximum=MOST_PIECES),
        Integers(minimum=0, longest=MOST_PIECES - 1),
        doc="how many pieces, or where all but the first begin",
    )


LAYERS = (
    LayerType("GetItem", "Elements and slices: `x[key]`.", f"{SOURCE}{NUMPY}", {}, get_item),
    declare(
        "Split",
        "An axis cut into pieces.",
        NUMPY,
        {"indices_or_sections": _pieces(), "axis": Integer(0)},
        split,
        "x",
    ),
    declare(
        "ArraySplit",
        "An axis cut into pieces of nearly one size.",
        NUMPY,
        {"indices_or_sections": Integer(minimum=1, maximum=MOST_PIECES), "axis": Integer(0)},
        array_split,
        "x",
    ),
    declare(
        "Unstack",
        "A tensor for each element of an axis.",
        "core.py",
        {"num": Integer(None, minimum=1, maximum=MOST_PIECES), "axis": Integer(0)},
        unstack,
        "x",
    ),
    declare(
        "TopK",
        "The largest elements along the last axis, and where they were.",
        "math.py",
        {"k": Integer(minimum=0), **ignored("sorted")},
        top_k,
        "x",
    ),
    declare("Take", "What numbers say.", NUMPY, {"axis": Integer(None)}, take, "x", "indices"),
    declare(
        "TakeAlongAxis",
        "Along an axis what numbers say, place by place.",
        NUMPY,
        {"axis": Integer(None)},
        take_along,
        "x",
        "indices",
    ),
    declare(
        "Glu", "One half of an axis gates the other.", "nn.py", {"axis": Integer(-1)}, glu, "x"
    ),
)
