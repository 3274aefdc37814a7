"""Answers kept by value, so that what comes again need not be found again.

Bounds here count answers, so only small ones may be kept: who keeps says what is small.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST: Final = 20_000
"""How many answers each memo keeps unless it is told otherwise."""


class Memo(Generic[K, V]):
    """A bounded map in two generations: what was not asked for during a whole one is forgotten.

    Threads may share one: each step is a single operation on a dictionary, and the worst that a
    race does is to find an answer twice. `hits` and `misses` are counts for people.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.hits = self.misses = 0
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The answer, if it is known."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                self.misses += 1
                return None
            self._young[key] = found
        self.hits += 1
        return found

    def keep(self, key: K, value: V) -> V:
        """Remember an answer, which is never `None`; the oldest generation goes when it is full."""
        if self.most > 0:
            if 2 * len(self._young) >= self.most:
                self._old, self._young = self._young, {}
            self._young[key] = value
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old = {}, {}


def remembered(
    worth: Callable[..., bool], most: int = 4096
) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """A decorator: the function remembers a result where `worth(result, *arguments)` says so.

    The arguments are given by position, can be hashed, and the result is never `None`.
    """

    def decorate(function: Callable[P, V]) -> Callable[P, V]:
        memo: Memo[Any, V] = Memo(most)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> V:
            key = (args, tuple(kwargs.items())) if kwargs else args
            known = memo.get(key)
            if known is None:
                known = function(*args, **kwargs)
                if worth(known, *args):
                    memo.keep(key, known)
            return known

        return ask

    return decorate
