"""`shapewright convolve`."""

from __future__ import annotations

import argparse
from typing import Final

from shapewright.cli.files import PIPE

HELP: Final = "run a layer that has a window on arrays, and compare with its report"

SUFFIXES: Final = (".npy", ".npz")


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("layer", metavar="LAYER", help="JSON: a layer as in a stack; - for stdin")
    parser.add_argument("input", metavar="INPUT", help=".npy, or .npz with all arrays by name")
    parser.add_argument("kernel", metavar="KERNEL", nargs="?", help=".npy; a pool has none")
    parser.add_argument("--bias", metavar="FILE", help=".npy; without it nothing is added")
    for part in ("depthwise", "pointwise"):
        parser.add_argument(f"--{part}-kernel", metavar="FILE", help=".npy, of a separable layer")
    parser.add_argument("--mask", action="store_true", help="count the taps that lie on data")
    parser.add_argument("--impulse", action="store_true", help="tell which input the taps read")
    parser.add_argument(
        "-o",
        "--output",
        type=_target,
        metavar="FILE",
        help=".npy for the output alone, .npz for all of it; - writes .npy to stdout",
    )


def _target(name: str) -> str:
    if name == PIPE or name.endswith(SUFFIXES):
        return name
    raise argparse.ArgumentTypeError(f"{name} ends neither in {' nor in '.join(SUFFIXES)}")


def run(options: argparse.Namespace) -> None:
    """Write the output, and say what it is.

    Raises:
        OSError: a file cannot be read or written.
        DocumentError: the layer cannot be read, or parts of it are wrong.
        ShapesDoNotFit: the layer does not accept the input.
        ArrayError: an array cannot be read, or does not fit; or nothing as predicted came out.
        MemoryError: there is not enough of it.
    """
    from shapewright.cli import convolving  # noqa: PLC0415  the only command with numpy

    convolving.run(options)
