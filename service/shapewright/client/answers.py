"""Responses to records and problems: the one place that reads what the service sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias, TypeVar

import requests

from shapewright.client.errors import Problem, UnexpectedAnswer, problem
from shapewright.client.records import Json, R
from shapewright.client.reports import Report

Result: TypeAlias = Report | Problem

T = TypeVar("T")

PROBLEM: Final = "application/problem+json"
EXCERPT: Final = 200
"""So many bytes are told of an answer that nobody expects."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its body, and the call that it answers."""

    call: str
    request_id: str
    content: bytes

    def record(self, kind: type[R]) -> R:
        """The body as a record.

        Raises:
            UnexpectedAnswer: it is none.
        """
        return self.read(kind.__name__, lambda content: kind.read(json.loads(content)))

    def read(self, what: str, reader: Callable[[bytes], T]) -> T:
        """What a reader makes of the body.

        Raises:
            UnexpectedAnswer: it finds something else there.
        """
        with self._expecting(what, self.content):
            return reader(self.content)

    def results(self, count: int) -> Iterator[Result]:
        """The lines of the body, each read when its turn comes.

        Raises:
            UnexpectedAnswer: there are more or fewer, or one is neither report nor problem.
        """
        lines = self.content.splitlines()
        if len(lines) != count:
            told = f"{self.call}: expected {count} results, got {len(lines)}"
            raise UnexpectedAnswer(told, self.request_id)
        return map(self._result, lines)

    def _result(self, line: bytes) -> Result:
        with self._expecting("report or problem", line):
            raw = json.loads(line)
            return Report.read(raw) if "totals" in raw else problem(raw)

    @contextmanager
    def _expecting(self, what: str, content: bytes) -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            told = f"{self.call}: expected a {what}, got {content[:EXCERPT]!r}"
            raise UnexpectedAnswer(told, self.request_id) from error


def answer(response: requests.Response, call: str, request_id: str) -> Answer:
    """The response if it is a good one.

    Raises:
        Problem: it tells what is wrong.
        UnexpectedAnswer: it is a redirect, which is not followed.
    """
    if response.is_redirect:
        told = f"{call}: {response.status_code} leads to {response.headers['Location']}"
        raise UnexpectedAnswer(told, request_id)
    if not response.ok:
        raise problem(_body(response, request_id), _retry_after(response))
    return Answer(call, request_id, response.content)


def _body(response: requests.Response, request_id: str) -> Json:
    """What a problem says, or what can be said of an answer that is none."""
    said: Any = None
    if response.headers.get("Content-Type", "").partition(";")[0].strip() == PROBLEM:
        with suppress(ValueError):
            said = response.json()
    if not isinstance(said, dict):
        excerpt = response.content[:EXCERPT].decode(errors="replace")
        said = {"type": "about:blank", "title": response.reason or "", "detail": excerpt}
    return {"request_id": request_id, **said, "status": response.status_code}


def _retry_after(response: requests.Response) -> float | None:
    """The seconds that `Retry-After` asks for: it holds them, or a date."""
    told = response.headers.get("Retry-After", "")
    if told.isdecimal():
        return float(told)
    try:
        return max((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None
