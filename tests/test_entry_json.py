"""An entry put together from encoded pieces is the object that it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shapewright import memo
from shapewright.formats.options import Options
from shapewright.formats.read import read
from shapewright.network.propagate import infer
from shapewright.network.report import Entries, ShapesDoNotFit
from shapewright.render.entry import entries_json, entry_dict
from shapewright.render.wire import encode

FOLDER = Path(__file__).parents[1] / "examples"
EXAMPLES = sorted([*FOLDER.glob("*.json"), *FOLDER.glob("models/*.json")])


@pytest.fixture(params=[0, memo.MOST], ids=["forgetful", "remembering"], autouse=True)
def memory(request: pytest.FixtureRequest) -> Iterator[None]:
    memo.bound(request.param)
    yield
    memo.bound(memo.MOST)


def entries(path: Path) -> Entries:
    try:
        return infer(read(path.read_bytes(), Options())).layers
    except ShapesDoNotFit as error:
        return error.partial.layers


@pytest.mark.parametrize("by_input", [False, True])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_pieces_make_the_whole(path: Path, by_input: bool) -> None:
    for told in (entries(path), entries(path)):
        assert entries_json(told, by_input) == encode([entry_dict(e, by_input) for e in told])
