"""One family: its tree, who belongs where, and what a message says."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterator

import pytest

from shapewright import client
from shapewright.client import (
    Busy,
    ConnectionFailed,
    InvalidNetwork,
    NotFound,
    Problem,
    ServiceFailed,
    ShapeMismatch,
    ShapewrightClientError,
    Timeout,
    TooLarge,
    UnexpectedAnswer,
    errors,
)
from tests.client.fakes import REPORT, problem

KINDS = [
    (400, "unreadable_document", InvalidNetwork),
    (422, "invalid_document", InvalidNetwork),
    (422, "shape_mismatch", ShapeMismatch),
    (413, "too_large", TooLarge),
    (413, "", TooLarge),
    (404, "not_found", NotFound),
    (429, "", Busy),
    (503, "", Busy),
    (500, "internal_error", ServiceFailed),
    (502, "", ServiceFailed),
    (504, "", ServiceFailed),
    (599, "", ServiceFailed),
    (400, "bad_request", Problem),
    (401, "", Problem),
    (422, "invalid_query", Problem),
]


def drawn() -> Iterator[tuple[str, str]]:
    """Each class in the docstring's tree and the one above it."""
    above = ["ShapewrightClientError"]
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"([│ ]*)[├└]── (\w+)", line)
        if match:
            depth = 1 + len(match[1]) // 4
            del above[depth:]
            yield match[2], above[-1]
            above.append(match[2])


def family(kind: type[Exception]) -> Iterator[tuple[str, str]]:
    """Each class below this one and the one above it."""
    for child in kind.__subclasses__():
        yield child.__name__, kind.__name__
        yield from family(child)


def test_the_tree_is_drawn_as_it_is() -> None:
    assert dict(drawn()) == dict(family(ShapewrightClientError))
    assert {name for name, _ in drawn()} <= set(client.__all__)


@pytest.mark.parametrize(("status", "code", "kind"), KINDS)
def test_a_problem_belongs_to_the_class_of_its_code_or_its_status(
    status: int, code: str, kind: type[Problem]
) -> None:
    assert type(errors.problem(problem(status, code))) is kind


TRANSIENT = {ConnectionFailed, Timeout, Busy, ServiceFailed}


@pytest.mark.parametrize("name", dict(drawn()))
def test_what_may_pass_is_transient(name: str) -> None:
    kind = getattr(client, name)
    assert kind.transient == (kind in TRANSIENT)


def test_a_problem_tells_all_that_the_service_says() -> None:
    faults = [{"pointer": "/layers/0", "detail": "a layer needs a `type`"}]
    found = errors.problem(problem(422, "invalid_document", errors=faults, id=7, new="member"))
    assert (found.status, found.code, found.title) == (422, "invalid_document", "Wrong")
    assert (found.type, found.detail) == ("/problems/invalid_document", "it is wrong")
    assert [(fault.pointer, fault.detail) for fault in found.errors] == [
        ("/layers/0", "a layer needs a `type`")
    ]
    assert (found.request_id, found.id, found.raw["new"]) == ("told", 7, "member")


def test_a_shape_mismatch_tells_where_and_how_far_it_came() -> None:
    found = errors.problem(
        problem(
            422,
            "shape_mismatch",
            layer={"index": 1, "name": "add", "type": "Add"},
            input_shapes=[[None, 4], [None, 5]],
            partial=REPORT,
        )
    )
    assert isinstance(found, ShapeMismatch)
    assert found.layer["name"] == "add"
    assert found.input_shapes == ((None, 4), (None, 5))
    assert found.diverged is None
    assert found.partial.totals.params == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ConnectionFailed("no such host", "r1"), "no such host (request r1)"),
        (Timeout("too slow", "r2"), "too slow (request r2)"),
        (UnexpectedAnswer("a page", "r3"), "a page (request r3)"),
        (
            errors.problem(problem(422, "shape_mismatch", request_id="r4")),
            "422 shape_mismatch: it is wrong (request r4)",
        ),
        (
            errors.problem({"status": 502, "title": "Bad Gateway", "request_id": "r5"}),
            "502 Bad Gateway:  (request r5)",
        ),
    ],
)
def test_every_message_names_the_request(error: ShapewrightClientError, message: str) -> None:
    assert str(error) == message
    assert repr(error) == f"<{type(error).__name__}: {message}>"


@pytest.mark.parametrize(
    "error", [Timeout("too slow", "r"), errors.problem(problem(429), retry_after=3.0)]
)
def test_an_error_passes_between_processes(error: ShapewrightClientError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert (str(twin), twin.retry_after) == (str(error), error.retry_after)


def test_a_problem_cannot_be_changed() -> None:
    found = errors.problem(problem(404))
    for name in ("status", "code", "type", "title", "detail", "errors", "id"):
        with pytest.raises(AttributeError):
            setattr(found, name, "another")
