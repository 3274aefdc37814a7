"""Contenders take turns, so that all of them meet the same machine."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TypeAlias, TypeVar

Name = TypeVar("Name")

Contender: TypeAlias = Callable[[], float]
"""Does its work once and says what one unit of it cost, in seconds."""


def least_costs(contenders: Mapping[Name, Contender], budget: float) -> dict[Name, float]:
    """The least that each cost while turns go round for so many seconds, twice at least."""
    end = perf_counter() + budget
    least = {name: float("inf") for name in contenders}
    turns = 0
    while turns < 2 or perf_counter() < end:
        for name, cost in contenders.items():
            least[name] = min(least[name], cost())
        turns += 1
    return least


def seconds(work: Callable[[], object]) -> float:
    """How long it takes; rubbish of earlier work is taken out before."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start
