"""The examples as a reader runs them: each in a process of its own, and a warning is an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(script: str, *arguments: str) -> str:
    """What the example prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", f"examples/{script}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
