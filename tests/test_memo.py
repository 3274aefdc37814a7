"""What is remembered changes no answer: cold, warm, nearly without memory, and without any."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shapewright import memo
from shapewright.formats.errors import DocumentError
from shapewright.formats.options import Options
from shapewright.formats.read import read_document
from shapewright.memo import Memo
from shapewright.network import step
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit
from shapewright.render.report import report_json

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.json"))


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    memo.bound(memo.MOST)
    yield
    memo.bound(memo.MOST)


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
    memo.bound(0)
    without = [answer(document) for document in every]
    for most in (20_000, 3):
        memo.bound(most)
        assert [answer(document) for document in every] == without  # cold
        assert [answer(document) for document in reversed(every)] == without[::-1]  # warm


def test_memory_is_used_and_bounded() -> None:
    memo.bound(10)
    before = memo.figures()
    for document in candidates(50):
        answer(document)
    after = memo.figures()
    for name in ("layers", "shapes"):
        assert after[name].hits > before[name].hits
        assert after[name].misses > before[name].misses
    assert all(0 <= len(one) <= 10 for one in memo._ALL)


def test_threads_share_it() -> None:
    every = candidates(60)
    wanted = [answer(document) for document in every]
    memo.bound(8)
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
    kept: Memo[int, str] = Memo("test", most=4)
    for key in range(3):
        kept.keep(key, str(key))
        assert kept.get(0) == "0"
    kept.keep(3, "3")
    kept.keep(4, "4")
    assert kept.get(0) == "0"
    assert kept.get(1) is None


def test_what_is_large_is_not_remembered() -> None:
    """A bound on the number of answers is none on memory where one answer can be huge."""
    many = [f"d{index}" for index in range(100)]
    dense = [{"type": "Dense", "units": 2, "name": name, "inputs": "input"} for name in many]
    answer({"input_shape": [None, 4], "layers": [*dense, {"type": "Concatenate", "inputs": many}]})
    answer({"input_shape": [None, 4, 1], "layers": [{"type": "UpSampling1D", "size": 4000}]})
    kernel = {"type": "Conv1D", "filters": 1, "kernel_size": 4000, "padding": "same"}
    answer({"input_shape": [None, 9000, 1], "layers": [kernel, {**kernel, "name": "n" * 200}]})
    kept = [one.outcome for one in {**step.STEPS._young, **step.STEPS._old}.values()]
    assert all(len(outcome.links) < 100 for outcome in kept)
    reaches = [link.reach for o in kept for own in o.links for link in own if link and link.reach]
    assert reaches
    assert all(reach.period <= 64 for reach in reaches)
