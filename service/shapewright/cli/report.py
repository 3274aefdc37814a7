"""`shapewright report`."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

import orjson

from shapewright.cli import files
from shapewright.formats.options import Options
from shapewright.formats.read import read
from shapewright.formats.shapes import read_input_shapes
from shapewright.network.propagate import infer
from shapewright.network.report import Report, ShapesDoNotFit
from shapewright.render.report import DETAILS, report_json
from shapewright.render.table import table

HELP: Final = "say what happens in the network of a file"


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="stack, Keras JSON or .keras; - for stdin")
    parser.add_argument("--json", action="store_true", help="the report as JSON, not a table")
    parser.add_argument("--detail", choices=sorted(DETAILS), default="full")
    parser.add_argument("--input-shape", type=_json, metavar="JSON", help="such as [1,256,256,3]")
    parser.add_argument("--unknown-layers", choices=("refuse", "identity"), default="refuse")


def run(options: argparse.Namespace) -> None:
    """Write the report to stdout; where shapes do not fit, of all that could be computed.

    Raises:
        OSError: the file cannot be read.
        DocumentError: no network can be made of it.
        ShapesDoNotFit: after the report.
    """
    wanted = Options(
        input_shapes=read_input_shapes(options.input_shape),
        unknown_as_identity=options.unknown_layers == "identity",
    )
    try:
        _print(infer(read(files.read(options.file), wanted)), options)
    except ShapesDoNotFit as error:
        _print(error.partial, options)
        raise


def _print(report: Report, options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.write(report_json(report, options.detail).decode() + "\n")
    else:
        sys.stdout.write(table(report))


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from None
