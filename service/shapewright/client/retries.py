"""When to try again: every call is pure, so whatever may pass is tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import uniform
from time import sleep
from typing import Final, TypeVar

from shapewright.client.errors import ShapewrightClientError

FIRST_PAUSE: Final = 0.25
"""Seconds before the first retry, at most; each later pause is twice as long."""

DOUBLINGS: Final = 5
"""After so many the pauses stay as they are."""

PATIENCE: Final = 30.0
"""A service that asks for a longer pause than so many seconds is not waited for."""

T = TypeVar("T")


def retried(attempt: Callable[[], T], retries: int) -> T:
    """The result of an attempt, made again after transient errors.

    Raises:
        ShapewrightClientError: of the last attempt, or of one that another could not mend.
    """
    for pause in pauses(retries):
        try:
            return attempt()
        except ShapewrightClientError as error:
            wanted = error.retry_after or 0.0
            if not error.transient or wanted > PATIENCE:
                raise
        sleep(wanted + pause)
    return attempt()


def pauses(retries: int) -> Iterator[float]:
    """Seconds before each retry, doubled up to a cap; chance takes up to half of them away."""
    for number in range(retries):
        yield FIRST_PAUSE * 2 ** min(number, DOUBLINGS) * uniform(0.5, 1.0)
