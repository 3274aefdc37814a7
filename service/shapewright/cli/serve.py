"""`shapewright serve`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Final

HELP: Final = "run the service with gunicorn"


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")


def run(options: argparse.Namespace) -> None:
    """Become gunicorn, so that signals reach it directly."""
    command = ["gunicorn", "-c", "python:shapewright.api.serving", "--bind", options.bind]
    os.execv(sys.executable, [sys.executable, "-m", *command, "shapewright.wsgi:app"])
