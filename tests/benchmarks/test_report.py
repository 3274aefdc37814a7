"""Figures beside goals, as Markdown."""

from __future__ import annotations

import pytest

from benchmarks.report import Goal, Row, at_least, at_most, between_marks, comparison, figure, table


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [
        (at_most(0.5), 0.5, True),
        (at_most(0.5), 0.51, False),
        (at_least(10), 10, True),
        (at_least(10), 9.9, False),
    ],
)
def test_a_goal_is_met_or_missed(goal: Goal, ratio: float, met: bool) -> None:
    assert goal.met(ratio) is met
    word = "met" if met else "**missed**"
    assert Row("case", "1 us", "2 us", ratio, goal).cells()[-2:] == (str(goal), word)


def test_a_row_without_a_goal_has_no_verdict() -> None:
    assert Row("case", "1 us", "2 us", 0.5).cells() == ("case", "1 us", "2 us", "0.5", "", "")


@pytest.mark.parametrize(
    ("value", "text"), [(0.12345, "0.123"), (12.3456, "12.3"), (999, "999"), (12345.6, "12,346")]
)
def test_figures_have_three_digits_or_all_of_an_integer(value: float, text: str) -> None:
    assert figure(value) == text


def test_a_table_is_markdown() -> None:
    assert table(("", "a", "b"), [("x", "1", "2")]) == (
        "|  | a | b |\n| --- | ---: | ---: |\n| x | 1 | 2 |"
    )


def test_a_comparison_has_a_title_a_text_and_a_table() -> None:
    text = comparison("Speed", "Both.", "here", "there", [Row("x", "1", "2", 0.5, at_most(1))])
    assert text.startswith("## Speed\n\nBoth.\n\n|  | here | there | ratio | goal |  |\n")
    assert text.endswith("| x | 1 | 2 | 0.5 | at most 1 | met |\n")


def test_figures_replace_earlier_ones_and_nothing_else() -> None:
    page = "before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n"
    once = between_marks(page, r"new \1")
    assert once == "before\n<!-- figures -->\nnew \\1\n<!-- /figures -->\nafter\n"
    assert between_marks(once, "old") == page
