"""Pauses that take no time."""

from __future__ import annotations

import pytest

from shapewright.client import retries


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were slept, had anybody slept."""
    seconds: list[float] = []
    monkeypatch.setattr(retries, "sleep", seconds.append)
    return seconds
