"""Reading the golden files: answers of the real frameworks, made elsewhere."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "golden"


def load(name: str) -> Any:
    """The content of `tests/golden/NAME.json.gz`."""
    return json.loads(gzip.decompress((GOLDEN / f"{name}.json.gz").read_bytes()))


def leaves(shapes: Any) -> list[list[int | None]]:
    """The shapes in a shape, a list of shapes or a dict of them, which goes in key order."""
    if isinstance(shapes, dict):
        return [leaf for key in sorted(shapes) for leaf in leaves(shapes[key])]
    if shapes and isinstance(shapes[0], (list, dict)):
        return [leaf for item in shapes for leaf in leaves(item)]
    return [shapes]
