"""Heavy work has places, nobody waits for one, and light work goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from shapewright.api.app import create_app
from shapewright.api.kinds import Refusal
from shapewright.api.settings import Settings
from shapewright.api.slots import Slots
from shapewright.numeric.plans import Plan
from tests.api.checked import CheckedClient
from tests.api.sending import convolve

POOL = {"type": "MaxPooling1D", "pool_size": 2}
X = np.arange(8.0).reshape(1, 8, 1)


@contextmanager
def running(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A run that does not end before the context does; what it is answered with."""
    begun, may_end, run = Event(), Event(), Plan.run
    answers: list[Any] = []

    def slow(plan: Plan) -> Any:
        begun.set()
        assert may_end.wait(10)
        return run(plan)

    monkeypatch.setattr(Plan, "run", slow)
    thread = Thread(target=lambda: answers.append(convolve(client, POOL, input=X)))
    thread.start()
    try:
        assert begun.wait(10)
        yield answers
    finally:
        may_end.set()
        thread.join()


def test_one_too_many_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    client = CheckedClient(create_app())
    with running(client, monkeypatch) as answers:
        response = convolve(client, POOL, input=X)
        assert (response.status_code, response.get_json()["code"]) == (503, "busy")
        assert response.headers["Retry-After"] == "1"
        assert "at most 1 at once" in response.get_json()["detail"]
        network = {"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}
        assert client.infer(network).status_code == 200
    assert answers[0].status_code == 200
    assert convolve(client, POOL, input=X).status_code == 200


def test_more_places(monkeypatch: pytest.MonkeyPatch) -> None:
    client = CheckedClient(create_app(Settings(max_convolve_at_once=2)))
    with running(client, monkeypatch), running(client, monkeypatch):
        assert convolve(client, POOL, input=X).status_code == 503
    assert convolve(client, POOL, input=X).status_code == 200


def test_a_place_is_free_again_after_a_fault() -> None:
    slots = Slots(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="it"), slots.one():
            raise ValueError("it")
    with slots.one(), pytest.raises(Refusal), slots.one():
        pass
    with slots.one():
        pass
