"""What the README runs at a terminal and in Python comes out as it says."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
SHOWN = [(code, text) for (_, code), (kind, text) in pairwise(BLOCKS) if kind == "text"]


def shown(part: str) -> tuple[str, str]:
    """The block with this part, and what it is said to show."""
    ((code, text),) = [pair for pair in SHOWN if part in pair[0]]
    return code, text


def test_a_layer_is_run_at_the_terminal(tmp_path: Path) -> None:
    script, text = shown("shapewright convolve")
    script = script.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    done = subprocess.run(
        ["sh", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (text, "", 0)


def test_a_layer_is_run_in_python(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = shown("local().convolve")
    exec(code, {})
    assert capsys.readouterr().out == text
