"""Real Keras documents changed at random: only the faults that are promised may come of it."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest

from shapewright.formats.errors import DocumentError
from shapewright.formats.options import Options
from shapewright.formats.read import read_document
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit
from tests.golden_data import load

DOCUMENTS: Final = [
    case["document"] for made in ("keras3", "tfkeras2") for case in load(f"models/{made}")["cases"]
]
JUNK: Final[list[Any]] = [
    None,
    True,
    0,
    1,
    -1,
    2**31,
    2**62,
    1.5,
    1e300,
    "",
    "conv",
    "InputLayer",
    "Sequential",
    "__keras_tensor__",
    [],
    {},
    [[]],
    [1, 2, 3],
    ["image", 0, 0],
    {"class_name": "Dense", "config": {"units": 3}},
    {"class_name": "__slice__", "config": {"start": 0, "stop": 5, "step": 0}},
    {"args": [], "kwargs": {}},
    [["_CONSTANT_VALUE", -1, [[1]]]],
]
KEYS: Final = ("class_name", "config", "name", "layers", "module", "inbound_nodes", "args", "more")


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a document with every key or index in it."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from places(value)


def spoil(document: Any, source: random.Random) -> None:
    """Change one place: replace, delete, copy from elsewhere, or add."""
    found = list(places(document))
    if not found:
        return
    container, key = source.choice(found)
    change = source.random()
    if change < 0.5:
        container[key] = copy.deepcopy(source.choice(JUNK))
    elif change < 0.65:
        del container[key]
    elif change < 0.8:
        other, place = source.choice(found)
        container[key] = copy.deepcopy(other[place])
    elif isinstance(container, list):
        container.insert(source.randrange(len(container) + 1), copy.deepcopy(source.choice(JUNK)))
    else:
        container[source.choice(KEYS)] = copy.deepcopy(source.choice(JUNK))


@pytest.mark.parametrize("seed", range(8))
def test_changed_documents_raise_nothing_else(seed: int) -> None:
    source = random.Random(seed)
    outcomes = {"fine": 0, "faults": 0}
    for _ in range(300):
        document = copy.deepcopy(source.choice(DOCUMENTS))
        for _ in range(source.choice((1, 1, 1, 2, 4))):
            spoil(document, source)
        options = Options(unknown_as_identity=source.random() < 0.3)
        try:
            infer(read_document(document, options))
            outcomes["fine"] += 1
        except (DocumentError, ShapesDoNotFit):
            outcomes["faults"] += 1
    assert min(outcomes.values()) > 50
