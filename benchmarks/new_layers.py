"""Layers of which nothing is remembered, beside Keras layers that are constructed and asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice, product
from typing import Final

import orjson

from benchmarks.layers import Document
from benchmarks.machine import CLIENT_CORE, WORKER_CORE, on_core
from benchmarks.networks import new_stacks
from benchmarks.peers import keras_shapes, keras_tensors
from benchmarks.report import Row, at_least, comparison, microseconds
from benchmarks.server import NDJSON, Server, serving
from benchmarks.turns import least_costs, seconds

LAYERS: Final = 50
STACKS: Final = 10
"""How many stacks each gets in one turn."""

SECONDS: Final = 30.0

DETAILS: Final = ("summary", "shapes", "full")

KERAS: Final = {"`compute_output_shape`": keras_shapes, "symbolic call": keras_tensors}

GOAL: Final = at_least(10)

TEXT: Final = (
    f"Chains of {LAYERS} layers, {STACKS} to a request, in which no layer is like any before; Keras"
    " constructs each layer and asks it, either for its shape alone or by a symbolic call, which"
    " makes the weights too."
)


def main() -> None:
    """Print how many times faster a layer is."""
    stacks = new_stacks(LAYERS)
    with serving() as server, on_core(CLIENT_CORE):
        costs = least_costs(
            {detail: partial(over_http, server, detail, stacks) for detail in DETAILS}
            | {way: partial(by_keras, ask, stacks) for way, ask in KERAS.items()},
            SECONDS,
        )
    rows = [
        Row(
            f"{detail}, {way}",
            microseconds(costs[detail]),
            microseconds(costs[way]),
            costs[way] / costs[detail],
            GOAL,
        )
        for detail, way in product(DETAILS, KERAS)
    ]
    print(comparison("Nothing remembered", TEXT, "a layer here", "in Keras", rows))


def over_http(server: Server, detail: str, stacks: Iterator[Document]) -> float:
    """Seconds a layer."""
    body = b"\n".join(map(orjson.dumps, islice(stacks, STACKS)))
    with closing(server.connect()) as connection:
        took = seconds(
            lambda: connection.post(f"/v1/infer/batch?detail={detail}", body, NDJSON),
        )
    return took / (LAYERS * STACKS)


def by_keras(ask: Callable[[Document], object], stacks: Iterator[Document]) -> float:
    """Seconds a layer."""
    documents = list(islice(stacks, STACKS))
    with on_core(WORKER_CORE):
        took = seconds(lambda: [ask(document) for document in documents])
    return took / (LAYERS * STACKS)


if __name__ == "__main__":
    main()
