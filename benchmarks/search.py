"""A search's stream of candidates, in batches over HTTP, beside ONNX's compiled inference.

Candidates are drawn and encoded before the clock starts, and none is sent twice: what the service
remembers of layers comes from earlier candidates of the same stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from statistics import fmean
from typing import Final, TypeVar

import onnx.shape_inference
import orjson

from benchmarks.layers import Document
from benchmarks.machine import CLIENT_CORE, WORKER_CORE, on_core
from benchmarks.report import Goal, Row, at_most, comparison, microseconds
from benchmarks.search_spaces import INVALID, SPACES, candidates
from benchmarks.server import JSON, NDJSON, Server, serving
from benchmarks.to_onnx import Model, compiled, to_onnx
from benchmarks.turns import Contender, least_costs, seconds
from shapewright.api.app import create_app
from shapewright.client import Client
from shapewright.client.client import Detail

T = TypeVar("T")

CANDIDATES: Final = 1000
BATCH: Final = 100
SECONDS: Final = 30.0
"""For each space, shared by all that take turns."""

DETAILS: Final[tuple[Detail, ...]] = ("summary", "full")

GOALS: Final = {
    "summary, NDJSON": at_most(0.5),
    "summary, JSON": at_most(0.5),
    "full, NDJSON": at_most(1.5),
    "full, JSON": at_most(1.5),
}
"""How much a layer may cost beside a node of ONNX."""

ENCODERS: Final[dict[str, Callable[[Sequence[Document]], bytes]]] = {
    JSON: lambda documents: orjson.dumps({"specs": documents}),
    NDJSON: lambda documents: b"\n".join(map(orjson.dumps, documents)),
}
"""How a batch is written in each media type."""


def section(space: str) -> str:
    """The figures of one search space."""
    stream = (candidate.document for candidate in candidates(space, 0))
    models = [to_onnx(document) for document in islice(stream, CANDIDATES)]
    with serving() as server, on_core(CLIENT_CORE):
        first = over_http(server, "summary", NDJSON, stream)
        costs = least_costs(
            {
                "onnx": partial(by_onnx, models, compiled),
                "onnx in Python": partial(by_onnx, models, onnx.shape_inference.infer_shapes),
                **_contenders(server, stream),
            },
            SECONDS,
        )
    title = f"Search stream: {space}"
    rows = _rows(costs, first)
    return comparison(title, _text(space, models), "a layer here", "a node in ONNX", rows)


def _contenders(server: Server, stream: Iterator[Document]) -> dict[str, Contender]:
    contenders: dict[str, Contender] = {}
    client = Client(server.url)
    for detail in DETAILS:
        contenders[f"{detail}, NDJSON"] = partial(over_http, server, detail, NDJSON, stream)
        contenders[f"{detail}, JSON"] = partial(over_http, server, detail, JSON, stream)
        contenders[f"{detail}, `infer_many`"] = partial(by_client, client, detail, stream)
        contenders[f"{detail}, without gunicorn"] = partial(in_process, detail, stream)
    return contenders


def _rows(costs: dict[str, float], first: float) -> Iterator[Row]:
    onnx_cost = costs.pop("onnx")
    in_python = costs.pop("onnx in Python")
    for name, cost in costs.items():
        yield _row(name, cost, onnx_cost, GOALS.get(name))
    yield _row("summary, NDJSON, the first thousand of a new worker", first, onnx_cost)
    name = "summary, NDJSON, beside onnx's own Python function"
    yield _row(name, costs["summary, NDJSON"], in_python)


def _row(case: str, own: float, other: float, goal: Goal | None = None) -> Row:
    return Row(case, microseconds(own), microseconds(other), own / other, goal)


def _text(space: str, models: Sequence[Model]) -> str:
    nodes = fmean(model.nodes for model in models)
    return (
        f"{CANDIDATES:,} new candidates a turn from the space `{space}`, {INVALID:.1%} of them"
        f" invalid, {BATCH} to a request on one connection. The same candidates in ONNX have"
        f" {nodes:.1f} nodes on average, and only the compiled function is timed, bytes to bytes."
    )


# ---- contenders ----------------------------------------------------------------------------------


def over_http(server: Server, detail: str, media_type: str, stream: Iterator[Document]) -> float:
    """Seconds a layer, from the first request sent to the last answer read."""
    documents = list(islice(stream, CANDIDATES))
    bodies = _bodies(documents, media_type)
    path = f"/v1/infer/batch?detail={detail}"
    with closing(server.connect()) as connection:
        took = seconds(lambda: _each(lambda body: connection.post(path, body, media_type), bodies))
    return took / _layers(documents)


def in_process(detail: str, stream: Iterator[Document]) -> float:
    """The same by the application in this process."""
    documents = list(islice(stream, CANDIDATES))
    bodies = _bodies(documents, NDJSON)
    ask = partial(APPLICATION.post, f"/v1/infer/batch?detail={detail}", content_type=NDJSON)
    with on_core(WORKER_CORE):
        took = seconds(lambda: _each(lambda body: ask(data=body).get_data(), bodies))
    return took / _layers(documents)


APPLICATION: Final = create_app().test_client()


def by_client(client: Client, detail: Detail, stream: Iterator[Document]) -> float:
    """The same by the client library, which also makes objects of the answers."""
    documents = list(islice(stream, CANDIDATES))
    lines = list(map(orjson.dumps, documents))
    results = client.infer_many(lines, detail=detail, batch_size=BATCH)
    return seconds(lambda: _each(lambda result: None, results)) / _layers(documents)


def by_onnx(models: Sequence[Model], infer: Callable[[bytes], object]) -> float:
    """Seconds a node."""
    contents = [model.content for model in models]
    with on_core(WORKER_CORE):
        took = seconds(lambda: _each(infer, contents))
    return took / sum(model.nodes for model in models)


def _bodies(documents: Sequence[Document], media_type: str) -> list[bytes]:
    starts = range(0, len(documents), BATCH)
    return [ENCODERS[media_type](documents[start : start + BATCH]) for start in starts]


def _layers(documents: Iterable[Document]) -> int:
    return sum(len(document["layers"]) for document in documents)


def _each(work: Callable[[T], object], items: Iterable[T]) -> None:
    """Do it for each, and keep nothing."""
    for item in items:
        work(item)


def main() -> None:
    """Print the figures of both spaces."""
    for space in SPACES:
        print(section(space))


if __name__ == "__main__":
    main()
