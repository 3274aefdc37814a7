"""All benchmarks, each in a process of its own; the figures go into this folder's README.

`python -m benchmarks 1000000` takes a million candidates for the endless stream.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks import machine, report

SECTIONS: Final = ("search", "single", "new_layers", "resnet", "long_stacks", "endless", "convolve")


def main() -> None:
    """Measure, print and write."""
    candidates = sys.argv[1:]
    sections = [measured(name, *(candidates if name == "endless" else ())) for name in SECTIONS]
    page = report.PAGE.read_text("utf-8")
    figures = "\n\n".join([machine.circumstances(), *sections])
    report.PAGE.write_text(report.between_marks(page, figures), "utf-8")


def measured(name: str, *arguments: str) -> str:
    """What a benchmark prints."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(done.stdout, flush=True)
    return done.stdout.rstrip()


if __name__ == "__main__":
    main()
