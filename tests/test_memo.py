"""What is remembered changes no answer: cold, warm, nearly without memory, and without any."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shapewright.formats import layer
from shapewright.formats.errors import DocumentError
from shapewright.formats.options import Options
from shapewright.formats.read import read_document
from shapewright.memo import Memo
from shapewright.network import walk
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit
from shapewright.render.report import report_json

MEMOS: tuple[Memo[Any, Any], ...] = (layer.LAYERS, walk.OUTCOMES)
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.json"))


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    bounds = [memo.most for memo in MEMOS]
    forget()
    yield
    for memo, most in zip(MEMOS, bounds, strict=True):
        memo.most = most
    forget()


def forget() -> None:
    for memo in MEMOS:
        memo.clear()


def remember(most: int) -> None:
    for memo in MEMOS:
        memo.most = most


def answer(document: Any) -> bytes:
    try:
        return report_json(infer(read_document(document, Options())))
    except ShapesDoNotFit as error:
        return report_json(error.partial) + str(error).encode()
    except DocumentError as error:
        return str([(f.path, f.detail) for f in getattr(error, "faults", ())]).encode()


def candidates(count: int) -> list[dict[str, Any]]:
    """Chains that repeat layers, some of which do not fit or are no layers."""
    choose = random.Random(7)
    layers = [
        {"type": "Conv2D", "filters": f, "kernel_size": k, "padding": p, "strides": s}
        for f in (4, 8)
        for k in (1, 3, 9)
        for p in ("same", "valid")
        for s in (1, 2)
    ]
    layers += [{"type": "BatchNormalization"}, {"type": "ReLU"}, {"type": "Conv2D", "filters": 0}]
    layers += [{"type": "MaxPooling2D"}, {"type": "ReLu"}]
    return [
        {"input_shape": [None, 20, 20, 3], "layers": choose.choices(layers, k=choose.randint(1, 9))}
        for _ in range(count)
    ]


def documents() -> list[Any]:
    return [*map(json.loads, (path.read_text() for path in EXAMPLES)), *candidates(150)]


def test_memory_changes_no_answer() -> None:
    every = documents()
    remember(0)
    without = [answer(document) for document in every]
    for most in (20_000, 3):
        forget()
        remember(most)
        assert [answer(document) for document in every] == without  # cold
        assert [answer(document) for document in reversed(every)] == without[::-1]  # warm


def test_memory_is_used_and_bounded() -> None:
    remember(10)
    for document in candidates(50):
        answer(document)
    assert all(memo.hits for memo in MEMOS)
    assert all(len(memo._young) + len(memo._old) <= 10 for memo in MEMOS)


def test_threads_share_it() -> None:
    every = candidates(60)
    wanted = [answer(document) for document in every]
    forget()
    remember(8)
    found: list[list[bytes]] = []
    threads = [
        threading.Thread(target=lambda: found.append([answer(item) for item in every]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_a_memo_forgets_what_is_not_asked_for() -> None:
    memo: Memo[int, str] = Memo(most=4)
    for key in range(3):
        memo.keep(key, str(key))
        assert memo.get(0) == "0"
    memo.keep(3, "3")
    memo.keep(4, "4")
    assert memo.get(0) == "0"
    assert memo.get(1) is None


def test_what_is_large_is_not_remembered() -> None:
    """A bound on the number of answers is none on memory where one answer can be huge."""
    many = [f"d{index}" for index in range(100)]
    dense = [{"type": "Dense", "units": 2, "name": name, "inputs": "input"} for name in many]
    answer({"input_shape": [None, 4], "layers": [*dense, {"type": "Concatenate", "inputs": many}]})
    answer({"input_shape": [None, 4, 1], "layers": [{"type": "UpSampling1D", "size": 4000}]})
    kernel = {"type": "Conv1D", "filters": 1, "kernel_size": 4000, "padding": "same"}
    answer({"input_shape": [None, 9000, 1], "layers": [kernel, {**kernel, "name": "n" * 200}]})
    kept = [outcome for _, outcome in {**walk.OUTCOMES._young, **walk.OUTCOMES._old}.values()]
    assert all(len(outcome.links) < 100 for outcome in kept)
    reaches = [link.reach for o in kept for own in o.links for link in own if link and link.reach]
    assert reaches
    assert all(reach.period <= 64 for reach in reaches)
