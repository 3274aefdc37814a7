"""`shapewright openapi`."""

from __future__ import annotations

import argparse
import sys
from typing import Final

HELP: Final = "print the OpenAPI document as YAML"


def declare(parser: argparse.ArgumentParser) -> None:
    """There are no arguments."""


def run(_: argparse.Namespace) -> None:
    """Write the document to stdout."""
    from shapewright.api.openapi import document_yaml  # noqa: PLC0415  it brings Flask

    sys.stdout.write(document_yaml())
