"""ResNet-50, one report at a time, beside Keras, PyTorch on its meta device, and ONNX."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from benchmarks.machine import CLIENT_CORE, WORKER_CORE, on_core
from benchmarks.networks import resnet50
from benchmarks.peers import keras_model, torch_meta
from benchmarks.report import Goal, Row, at_least, comparison, milliseconds
from benchmarks.server import Server, serving
from benchmarks.to_onnx import compiled, to_onnx
from benchmarks.turns import least_costs, seconds

KERAS_JSON: Final = Path(__file__).parents[1] / "examples" / "resnet50.json"

TIMES: Final = 10
"""How many reports are asked for in one turn."""

SECONDS: Final = 30.0

GOAL: Final = at_least(200)

TEXT: Final = (
    "The whole report of one ResNet-50 over HTTP. Keras makes the model of the same JSON; PyTorch"
    " constructs its modules on the meta device and calls them; ONNX infers the shapes of the same"
    " stack, bytes to bytes."
)


def main() -> None:
    """Print how many times faster it is."""
    keras_json, stack = KERAS_JSON.read_bytes(), orjson.dumps(resnet50())
    onnx_model = to_onnx(resnet50()).content
    with serving() as server, on_core(CLIENT_CORE):
        first = report(server, "full", keras_json, 1)
        costs = least_costs(
            {
                "Keras JSON": partial(report, server, "full", keras_json),
                "stack": partial(report, server, "full", stack),
                "stack, summary": partial(report, server, "summary", stack),
                "model_from_json": partial(by_peer, lambda: keras_model(keras_json.decode())),
                "meta": partial(by_peer, lambda: torch_meta(resnet50())),
                "onnx": partial(by_peer, lambda: compiled(onnx_model)),
            },
            SECONDS,
        )
    rows = [
        _row("Keras JSON, `model_from_json`", costs["Keras JSON"], costs["model_from_json"], GOAL),
        _row("the same, first report of a new worker", first, costs["model_from_json"]),
        _row("stack, PyTorch on meta", costs["stack"], costs["meta"]),
        _row("stack, ONNX", costs["stack"], costs["onnx"]),
        _row("stack, summary, ONNX", costs["stack, summary"], costs["onnx"]),
    ]
    print(comparison("ResNet-50", TEXT, "a report here", "the other", rows))


def _row(case: str, own: float, other: float, goal: Goal | None = None) -> Row:
    return Row(case, milliseconds(own), milliseconds(other), other / own, goal)


def report(server: Server, detail: str, body: bytes, times: int = TIMES) -> float:
    """Seconds a report; the way there and back is part of it."""
    with closing(server.connect()) as connection:
        path = f"/v1/infer?detail={detail}"
        took = seconds(lambda: [connection.post(path, body) for _ in range(times)])
    return took / times


def by_peer(work: Callable[[], object]) -> float:
    """Seconds."""
    with on_core(WORKER_CORE):
        return seconds(work)


if __name__ == "__main__":
    main()
