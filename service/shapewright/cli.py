"""The command line: `shapewright serve | report | openapi`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from shapewright.formats.errors import DocumentError, InvalidDocument, pointer
from shapewright.formats.options import Options
from shapewright.formats.read import read
from shapewright.formats.shapes import read_input_shapes
from shapewright.network.propagate import infer
from shapewright.network.report import Report, ShapesDoNotFit
from shapewright.render.report import DETAILS, report_json
from shapewright.render.table import table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status."""
    options = _parser().parse_args(arguments)
    result: int = options.run(options)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shapewright", description="Shape inference.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="run the service with gunicorn")
    serve.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
    serve.set_defaults(run=_serve)

    report = commands.add_parser("report", help="say what happens in the network of a file")
    report.add_argument("file", metavar="FILE", help="stack, Keras JSON or .keras; - for stdin")
    report.add_argument("--json", action="store_true", help="the report as JSON, not a table")
    report.add_argument("--detail", choices=sorted(DETAILS), default="full")
    report.add_argument("--input-shape", type=_json, metavar="JSON", help="such as [1,256,256,3]")
    report.add_argument("--unknown-layers", choices=("refuse", "identity"), default="refuse")
    report.set_defaults(run=_report)

    openapi = commands.add_parser("openapi", help="print the OpenAPI document as YAML")
    openapi.set_defaults(run=_openapi)
    return parser


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from None


def _serve(options: argparse.Namespace) -> int:
    """Become gunicorn, so that signals reach it directly."""
    command = ["gunicorn", "-c", "python:shapewright.api.serving", "--bind", options.bind]
    os.execv(sys.executable, [sys.executable, "-m", *command, "shapewright.wsgi:app"])


def _report(options: argparse.Namespace) -> int:
    try:
        body = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    except OSError as error:
        return _complain([f"{options.file}: {error.strerror}"])
    try:
        wanted = Options(
            input_shapes=read_input_shapes(options.input_shape),
            unknown_as_identity=options.unknown_layers == "identity",
        )
        _print(infer(read(body, wanted)), options)
    except InvalidDocument as error:
        return _complain(f"{pointer(fault.path)}: {fault.detail}" for fault in error.faults)
    except DocumentError as error:
        return _complain([error.detail])
    except ShapesDoNotFit as error:
        _print(error.partial, options)
        return _complain(
            f"{fault.place}: layer {fault.index} `{fault.name}` ({fault.type}): {fault.detail}"
            for fault in error.faults
        )
    return 0


def _print(report: Report, options: argparse.Namespace) -> None:
    if options.json:
        sys.stdout.write(report_json(report, options.detail).decode() + "\n")
    else:
        sys.stdout.write(table(report))


def _complain(lines: Any) -> int:
    for line in lines:
        sys.stderr.write(f"shapewright: {line}\n")
    return 1


def _openapi(_: argparse.Namespace) -> int:
    from shapewright.api.openapi import document_yaml  # noqa: PLC0415  the only command with Flask

    sys.stdout.write(document_yaml())
    return 0
