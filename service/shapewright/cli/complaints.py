"""What can be wrong with what a command was given, as lines on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import singledispatch
from typing import Final

from shapewright.formats.errors import DocumentError, InvalidDocument
from shapewright.network.report import ShapesDoNotFit
from shapewright.numeric.errors import ArrayError
from shapewright.paths import pointer

EXPECTED: Final = (OSError, MemoryError, DocumentError, ShapesDoNotFit, ArrayError)


def complain(error: Exception) -> int:
    """Say what is wrong; the result is the exit status."""
    for line in lines(error):
        sys.stderr.write(f"shapewright: {line}\n")
    return 1


@singledispatch
def lines(error: Exception) -> Iterable[str]:
    """A line for each fault."""
    raise error


@lines.register
def _(error: OSError) -> Iterable[str]:
    return [": ".join(str(part) for part in (error.filename, error.strerror) if part)]


@lines.register
def _(error: MemoryError) -> Iterable[str]:
    return [f"not enough memory: {error}"]


@lines.register(DocumentError)
@lines.register(ArrayError)
def _(error: DocumentError | ArrayError) -> Iterable[str]:
    return [error.detail]


@lines.register
def _(error: InvalidDocument) -> Iterable[str]:
    return (f"{pointer(fault.path)}: {fault.detail}" for fault in error.faults)


@lines.register
def _(error: ShapesDoNotFit) -> Iterable[str]:
    return (
        f"{fault.place}: layer {fault.index} `{fault.name}` ({fault.type}): {fault.detail}"
        for fault in error.faults
    )
