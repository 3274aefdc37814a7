"""Answers kept by value, so that what comes again need not be found again.

Bounds here count answers, so only small ones may be kept: who keeps says what is small.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST: Final = 20_000
"""How many answers each memo keeps unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a memo was asked and knew, or did not, and how many answers it holds."""

    hits: int
    misses: int
    entries: int


class Memo(Generic[K, V]):
    """A bounded map in two generations: what was not asked for during a whole one is forgotten.

    Threads may share one: each step is a single operation on a dictionary, and the worst that a
    race does is to find an answer twice. `hits` and `misses` are counts for people. Memos live as
    long as the process; those of one name are counted together.
    """

    def __init__(self, name: str, most: int = MOST) -> None:
        self.name = name
        self.most = most
        self.hits = self.misses = 0
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        _ALL.append(self)

    def get(self, key: K) -> V | None:
        """The answer, if it is known."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                self.misses += 1
                return None
            self.keep(key, found)
        self.hits += 1
        return found

    def recent(self) -> Mapping[K, V]:
        """What was asked for lately, to be looked up directly; who does so counts the hits."""
        return self._young

    def get_all(self, keys: Iterable[K]) -> list[V] | None:
        """The answers to many keys in order, if every one is at hand; else ask one by one."""
        found = list(map(self._young.get, keys))
        if None in found:
            return None
        self.hits += len(found)
        return cast(list[V], found)

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

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


_ALL: Final[list[Memo[Any, Any]]] = []


def bound(most: int) -> None:
    """From now on every memo keeps at most this many answers, 0 for none; all start empty."""
    for memo in _ALL:
        memo.most = most
        memo.clear()


def figures() -> dict[str, Figures]:
    """What the memos of this process did, by name."""
    told: dict[str, Figures] = {}
    for memo in _ALL:
        so_far = told.get(memo.name, Figures(0, 0, 0))
        told[memo.name] = Figures(
            so_far.hits + memo.hits, so_far.misses + memo.misses, so_far.entries + len(memo)
        )
    return told


def remembered(name: str, worth: Callable[..., bool]) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """A decorator: the function remembers a result where `worth(result, *arguments)` says so.

    The arguments are given by position, can be hashed, and the result is never `None`.
    """

    def decorate(function: Callable[P, V]) -> Callable[P, V]:
        memo: Memo[Any, V] = Memo(name)

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
