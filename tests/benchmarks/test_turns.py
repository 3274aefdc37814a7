"""Contenders take turns."""

from __future__ import annotations

from benchmarks.turns import least_costs


def test_the_least_cost_of_each_counts_and_they_alternate() -> None:
    turns: list[str] = []

    def costs(name: str, *each: float) -> float:
        turns.append(name)
        return each[turns.count(name) - 1]

    least = least_costs({"a": lambda: costs("a", 3, 2), "b": lambda: costs("b", 5, 7)}, 0)
    assert least == {"a": 2, "b": 5}
    assert turns == ["a", "b", "a", "b"]
