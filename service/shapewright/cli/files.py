"""Files by the names that a command was given; - is what is piped in or out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

PIPE: Final = "-"


def read(name: str) -> bytes:
    """The content of a file, or of stdin.

    Raises:
        OSError: it cannot be read.
    """
    return sys.stdin.buffer.read() if name == PIPE else Path(name).read_bytes()


def write(name: str, content: bytes) -> None:
    """Write a file, or to stdout.

    Raises:
        OSError: it cannot be written.
    """
    if name == PIPE:
        sys.stdout.buffer.write(content)
    else:
        Path(name).write_bytes(content)
