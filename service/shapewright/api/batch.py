"""Many networks in one request: a report or a problem for each, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson

from shapewright.api import problems
from shapewright.api.kinds import INTERNAL
from shapewright.api.logs import LOG
from shapewright.api.request import Tally
from shapewright.formats.errors import InvalidDocument, TooLarge, Unreadable
from shapewright.formats.options import Options
from shapewright.formats.read import opened, read_document
from shapewright.network.propagate import infer
from shapewright.render.report import as_dict, tells_layers
from shapewright.render.wire import encode
from shapewright.vocabularies.errors import Fault
from shapewright.vocabularies.parameters import quote

CHUNK: Final = 64 * 1024
"""How many bytes are gathered before they are sent."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How the networks of one request are read and answered."""

    options: Options
    detail: str
    request_id: str
    tally: Tally

    def answers(self, networks: Iterable[Callable[[], Any]]) -> Iterator[bytes]:
        """One JSON object for each network; each is parsed only when its turn comes."""
        return (encode(self._answer(parse)) for parse in networks)

    def _answer(self, parse: Callable[[], Any]) -> Mapping[str, Any]:
        """A report, or a problem that disturbs no other network; with the caller's `id`."""
        named: Mapping[str, Any] = {}
        try:
            network = parse()
            named = _named(network)
            told = tells_layers(self.detail)
            report = infer(read_document(network, self.options), layers=told)
            self.tally.add(report.totals.layers, "report")
            return {**named, **as_dict(report, self.detail)}
        except Exception as error:  # whatever it is, the next network must be answered
            problem = problems.body(error, self.request_id, self.detail)
            if problem["status"] == INTERNAL.status:
                LOG.error("internal error", exc_info=error)
            self.tally.add(0, problem["code"])
            return {**named, **problem}


def _named(network: Any) -> Mapping[str, Any]:
    """The network's `id`, if it has one that can be written again: it may nest too deep."""
    if isinstance(network, Mapping) and "id" in network:
        with suppress(orjson.JSONEncodeError):
            return {"id": orjson.Fragment(orjson.dumps(network["id"]))}
    return {}


def specs(body: bytes, most: int) -> list[Callable[[], Any]]:
    """The networks of `{"specs": [...]}`.

    Raises:
        TooLarge: the body is longer than one JSON document may be.
        Unreadable: it is not JSON.
        InvalidDocument: it is JSON, but has no list of networks.
    """
    if len(body) > most:
        raise TooLarge(f"JSON has at most {most} bytes, got {len(body)}; send NDJSON instead")
    try:
        batch = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"the batch is not JSON: {error}") from None
    if not isinstance(batch, dict) or not isinstance(batch.get("specs"), list):
        wanted = '{"specs": [...]}, a list of networks'
        raise InvalidDocument([Fault(("specs",), f"a batch is {wanted}, got {quote(batch)}")])
    return [partial(_itself, network) for network in batch["specs"]]


def _itself(network: Any) -> Any:
    return network


def lines(body: bytes, most: int) -> Iterator[Callable[[], Any]]:
    """The networks of NDJSON, one a line; blank lines are passed over."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        line = body[start:end]
        start = end + 1
        if line.strip():
            yield partial(_parsed, line, most)


def _parsed(line: bytes, most: int) -> Any:
    if len(line) > most:
        raise TooLarge(f"a line has at most {most} bytes, got {len(line)}")
    return opened(line)


def as_json(answers: Iterable[bytes]) -> Iterator[bytes]:
    """The answers as one object, `{"results": [...]}`."""
    yield b'{"results":['
    for number, answer in enumerate(answers):
        yield b"," + answer if number else answer
    yield b"]}"


def as_lines(answers: Iterable[bytes]) -> Iterator[bytes]:
    """The answers as NDJSON."""
    return (answer + b"\n" for answer in answers)


def in_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: each one costs a system call."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    yield b"".join(gathered)
