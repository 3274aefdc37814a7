"""Figures beside goals, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).with_name("README.md")
MARKS: Final = ("<!-- figures -->", "<!-- /figures -->")


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a ratio has to keep."""

    words: str
    limit: float

    def met(self, ratio: float) -> bool:
        return ratio <= self.limit if self.words == "at most" else ratio >= self.limit

    def __str__(self) -> str:
        return f"{self.words} {self.limit:g}"


def at_most(limit: float) -> Goal:
    """The ratio must not be greater."""
    return Goal("at most", limit)


def at_least(limit: float) -> Goal:
    """The ratio must not be less."""
    return Goal("at least", limit)


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; without a goal it is there for orientation."""

    case: str
    own: str
    other: str
    ratio: float
    goal: Goal | None = None

    def cells(self) -> tuple[str, ...]:
        goal = str(self.goal or "")
        met = "" if self.goal is None else "met" if self.goal.met(self.ratio) else "**missed**"
        return self.case, self.own, self.other, figure(self.ratio), goal, met


def comparison(title: str, text: str, own: str, other: str, rows: Iterable[Row]) -> str:
    """A section that holds Shapewright beside something else."""
    head = ("", own, other, "ratio", "goal", "")
    return section(title, text, table(head, [row.cells() for row in rows]))


def section(title: str, text: str, body: str) -> str:
    """A section of the page."""
    return f"## {title}\n\n{text}\n\n{body}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown whose first column is text and whose others are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def between_marks(page: str, figures: str) -> str:
    """The page with the figures in place of the earlier ones."""
    start, end = MARKS
    pattern = f"{re.escape(start)}.*{re.escape(end)}"
    return re.sub(pattern, lambda _: f"{start}\n{figures}\n{end}", page, flags=re.DOTALL)


def figure(value: float) -> str:
    """Three digits, or all of an integer that has more."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def microseconds(seconds: float) -> str:
    """Such as `2.31 us`."""
    return f"{figure(seconds * 1e6)} us"


def milliseconds(seconds: float) -> str:
    """Such as `2.31 ms`."""
    return f"{figure(seconds * 1e3)} ms"
