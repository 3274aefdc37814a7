"""How far a stream has come: told to a function, drawn on stderr, or not at all."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest

from shapewright.client import progress
from tests.client.fakes import client_of, each_line, report_of

reports = each_line(report_of)
SEVEN: list[dict[str, Any]] = [{"layers": []}] * 7


def test_nobody_is_told_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    client, _ = client_of(reports)
    list(client.infer_many(SEVEN))
    assert capsys.readouterr() == ("", "")


def test_a_function_is_told_of_every_result(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[int] = []
    client, _ = client_of(reports)
    list(client.infer_many(SEVEN, progress=told.append))
    assert told == [1, 2, 3, 4, 5, 6, 7]
    assert capsys.readouterr() == ("", "")


def test_a_line_is_drawn_and_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0)
    client, _ = client_of(reports)
    list(client.infer_many(SEVEN, progress=True))
    out, err = capsys.readouterr()
    assert out == ""
    *drawn, last = err.removesuffix("\n").split("\r")[1:]
    assert [line.partition(" networks")[0] for line in drawn] == [
        f"{done} of 7 ({done / 7:.0%})" for done in range(1, 8)
    ]
    assert re.fullmatch(r"7 of 7 \(100%\) networks, [\d,]+/s ", last)
    assert err.endswith("\n")


def test_it_is_drawn_now_and_then_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "EVERY", 3600)
    client, _ = client_of(reports)
    list(client.infer_many(SEVEN * 100, progress=True))
    assert capsys.readouterr().err.count("\r") == 1


def test_the_end_of_an_endless_stream_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    client, _ = client_of(reports)
    results = client.infer_many((SEVEN[0] for _ in iter(int, 1)), progress=True)
    list(islice(results, 1500))
    del results
    assert re.search(r"\r1,500 networks, [\d,]+/s \n$", capsys.readouterr().err)
