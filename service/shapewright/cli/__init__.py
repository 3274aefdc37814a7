"""The command line: `shapewright serve | report | convolve | openapi`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from shapewright.cli import convolve, openapi, report, serve
from shapewright.cli.complaints import EXPECTED, complain


class Command(Protocol):
    """What the module of a command has."""

    @property
    def HELP(self) -> str:  # noqa: N802  a constant of a module
        """What the command does, in a line."""

    def declare(self, parser: argparse.ArgumentParser, /) -> None:
        """Add the arguments of the command."""

    def run(self, options: argparse.Namespace, /) -> None:
        """Do what the command does; raise one of `EXPECTED` where that cannot be."""


COMMANDS: Final[Mapping[str, Command]] = {
    "serve": serve,
    "report": report,
    "convolve": convolve,
    "openapi": openapi,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except EXPECTED as error:
        return complain(error)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shapewright", description="Shape inference.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.HELP, description=command.HELP)
        command.declare(own)
        own.set_defaults(run=command.run)
    return parser
