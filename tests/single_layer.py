"""A single layer through the whole way: a stack in, its report entry or its fault out."""

from __future__ import annotations

from typing import Any

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry, ShapesDoNotFit
from shapewright.paths import pointer


def entry(shape: list[int | None], kind: str, framework: str = "keras", **parameters: Any) -> Entry:
    """The report entry of a layer on one input."""
    layer = {"type": kind, **parameters}
    document = {"framework": framework, "input_shape": shape, "layers": [layer]}
    return infer(read_stack(document, Options())).layers[0]


def output(shape: list[int | None], kind: str, **parameters: Any) -> list[int | None]:
    """The shape of a layer's only output."""
    (found,) = entry(shape, kind, **parameters).output_shapes
    return [None if size is UNKNOWN else int(str(size)) for size in found]


def fault(shape: list[int | None], kind: str, **parameters: Any) -> tuple[str, str]:
    """The JSON pointer and the text of a layer's only fault."""
    try:
        found = entry(shape, kind, **parameters)
    except InvalidDocument as error:
        (only,) = error.faults
        return pointer(only.path), only.detail
    except ShapesDoNotFit as error:
        (one,) = error.faults
        return one.place, one.detail
    raise AssertionError(f"accepted: {found.output_shapes}")
