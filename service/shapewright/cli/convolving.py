"""Files to a run of a layer, and what came of it to a file and to the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

import orjson

from shapewright.arithmetic.dimension import show
from shapewright.cli import files
from shapewright.formats.errors import Unreadable
from shapewright.formats.lone_layer import INPUT, read_layer
from shapewright.formats.options import Options
from shapewright.numeric.blocks import Array
from shapewright.numeric.errors import ArrayMismatch
from shapewright.numeric.npy import read_npy, write_npy
from shapewright.numeric.npz import read_npz
from shapewright.numeric.sampling import Sample, Samples
from shapewright.render.table import table
from shapewright.running.convolved import Convolved
from shapewright.running.run import PARTS, prepare

NO_LIMIT: Final = sys.maxsize
"""Nobody else waits for this machine."""

ARCHIVE: Final = b"PK"
"""What an `.npz` file begins with."""


def run(options: argparse.Namespace) -> None:
    """Do what the command does; raises as that says."""
    layer, arrays = _layer(options.layer), _arrays(options)
    shapes = {part: array.shape for part, array in arrays.items()}
    made = prepare(read_layer(layer, shapes, Options()), arrays).made(
        mask=options.mask, impulse=options.impulse
    )
    if options.output is not None:
        whole = options.output.endswith(".npz")
        files.write(options.output, made.archive if whole else write_npy(made.output))
    aside = sys.stderr if options.output == files.PIPE else sys.stdout
    aside.writelines(f"{line}\n" for line in _told(made, options.output))
    if not made.shape_agrees:
        predicted = show(made.entry.output_shapes[0])
        raise ArrayMismatch(f"{predicted} was predicted, but {show(made.output.shape)} came out")


def _layer(name: str) -> Any:
    try:
        return orjson.loads(files.read(name))
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"the layer is not JSON: {error}") from None


def _arrays(options: argparse.Namespace) -> dict[str, Array]:
    """All arrays; one that is named goes before one in an archive."""
    arrays: dict[str, Array] = {}
    for part in PARTS:
        name = getattr(options, part)
        data = b"" if name is None else files.read(name)
        if part == INPUT and data.startswith(ARCHIVE):
            arrays |= read_npz(data, PARTS, NO_LIMIT)
        elif name is not None:
            arrays[part] = read_npy(data, part, NO_LIMIT)
    return arrays


def _told(made: Convolved, written: str | None) -> Iterator[str]:
    """The report as text, and the arrays unless they are written to a file."""
    yield table(made.report)
    yield made.entry.explanation
    yield from (f"note: {note.message}" for note in made.entry.notes)
    if made.mask is not None:
        yield f"\ntaps on data\n{made.mask}"
    if made.impulse is not None:
        yield from ("", *map(_axis, made.impulse))
    agrees = ", as predicted" if made.shape_agrees else ""
    yield f"\n{show(made.output.shape)} {made.output.dtype}{agrees}"
    yield str(made.output) if written is None else f"written to {written}"


def _axis(samples: Samples) -> str:
    windows = "; ".join(map(_window, samples.windows))
    return f"axis {samples.axis}: {windows}"


def _window(sample: Sample) -> str:
    """`output 0 reads - 0 1`: for each tap an input, or - for padding."""
    reads = " ".join("-" if place is None else str(place) for place in sample.reads)
    return f"output {sample.output} reads {reads}"
