"""What each call does: read, compute, answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shapewright.api import catalogue, metrics
from shapewright.api.batch import Batch, as_json, as_lines, in_chunks, lines, specs
from shapewright.api.content import JSON, NDJSON, TEXT, YAML
from shapewright.api.kinds import KINDS, NOT_FOUND, Refusal
from shapewright.api.request import Tally
from shapewright.api.settings import Settings
from shapewright.api.slots import Slots
from shapewright.formats.options import Limits, Options
from shapewright.formats.read import read
from shapewright.network import propagate
from shapewright.network.report import Report
from shapewright.render.report import report_json, tells_layers
from shapewright.render.table import table
from shapewright.render.wire import encode
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import quote


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view gets: a request that has been read and found good."""

    path: Mapping[str, str]
    query: Mapping[str, Any]
    media: str
    parts: Mapping[str, bytes]
    """What was sent: the parts of a form by name, or a single body."""
    sent: str
    """The media type of the body."""
    request_id: str
    tally: Tally
    """Where it counts what it answers."""
    limits: Limits
    settings: Settings
    slots: Slots
    """How many heavy calls may still begin."""
    openapi: Mapping[str, bytes]

    @property
    def body(self) -> bytes:
        """The one document that was sent."""
        (document,) = self.parts.values()
        return document


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view gives that has something to say in headers too."""

    body: bytes | Iterable[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


def infer(asked: Asked) -> bytes:
    """Infer every shape of a network.

    One network in, one report out: for each layer its shapes, the padding on each side, its
    weights and its multiply-adds. The form of the network is told by its content.
    """
    options = Options(
        input_shapes=asked.query["input_shape"],
        unknown_as_identity=asked.query["unknown_layers"] == "identity",
        limits=asked.limits,
    )
    detail = asked.query["detail"]
    told = tells_layers(detail) or asked.media == TEXT
    report = propagate.infer(read(asked.body, options), asked.query["locate"], layers=told)
    asked.tally.add(report.totals.layers)
    return RENDERERS[asked.media](report, detail)


RENDERERS: Final[Mapping[str, Callable[[Report, str], bytes]]] = {
    JSON: report_json,
    TEXT: lambda report, _: table(report).encode(),
}
"""How a report is written in each media type."""


def infer_batch(asked: Asked) -> Iterator[bytes]:
    """Infer the shapes of many networks.

    A report or a problem for each network, in order and in the form in which they were sent; the
    answer streams. An invalid network disturbs no other. The `id` of a stack comes back with its
    answer.
    """
    options = Options(
        unknown_as_identity=asked.query["unknown_layers"] == "identity", limits=asked.limits
    )
    networks = BATCHES[asked.sent](asked.body, asked.limits.json_bytes)
    batch = Batch(options, asked.query["detail"], asked.request_id, asked.tally)
    answers = batch.answers(networks)
    return in_chunks((as_lines if asked.media == NDJSON else as_json)(answers))


BATCHES: Final[Mapping[str, Callable[[bytes, int], Iterable[Callable[[], Any]]]]] = {
    JSON: specs,
    NDJSON: lines,
}
"""How the networks are got out of each type of body."""


def list_layers(asked: Asked) -> bytes:
    """List the layer types.

    Every layer type that a stack can name, of all frameworks or of one.
    """
    return encode({"layers": catalogue.summaries(asked.query["framework"])})


def show_layer(asked: Asked) -> bytes:
    """Show a layer type.

    Its parameters as JSON Schema with defaults, bounds and a line on each, and where the
    framework's source stands.
    """
    framework, name = asked.path["framework"], asked.path["type"]
    vocabulary = VOCABULARIES.get(framework)
    if vocabulary is None:
        known = ", ".join(VOCABULARIES)
        raise Refusal(NOT_FOUND, f"there is no framework {quote(framework)}; there are {known}")
    kind = vocabulary.find(name)
    if kind is None:
        near = vocabulary.nearest(name)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        raise Refusal(NOT_FOUND, f"{framework} has no layer type {quote(name)}{hint}")
    return encode(catalogue.whole(vocabulary, kind))


def show_problem(asked: Asked) -> bytes:
    """Show a kind of problem.

    What problems of this `type` mean and how to mend them.
    """
    for kind in KINDS:
        if kind.name == asked.path["kind"]:
            return encode(kind.as_dict())
    raise Refusal(NOT_FOUND, f"there are problems {', '.join(kind.name for kind in KINDS)}")


def openapi_json(asked: Asked) -> bytes:
    """Show this document as JSON."""
    return asked.openapi[JSON]


def openapi_yaml(asked: Asked) -> bytes:
    """Show this document as YAML."""
    return asked.openapi[YAML]


def check_health(asked: Asked) -> bytes:
    """Say that the process lives."""
    return encode({"status": "ok"})


def check_readiness(asked: Asked) -> bytes:
    """Say that requests are welcome.

    All vocabularies are loaded before the service starts to listen, so it is ready when it answers.
    """
    return encode({"status": "ok"})


def show_metrics(asked: Asked) -> bytes:
    """Show metrics for Prometheus.

    Of all worker processes: requests and how long they took, layers and batch items that were
    answered, and what memory knew.
    """
    return metrics.exposition()
