"""The search runs: it refuses before it trains, and finds what is better than where it began."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from shapewright.client import local
from tests.examples.running import ROOT, run
from tests.running import running_service

FIRST = r"The first that was trained is ([\d.]+)% accurate"
ROW = r"^ +([\d.]+)% +([\d.]+)% +([\d,]+)  (.*)$"


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that the example imports from its own folder."""
    monkeypatch.syspath_prepend(ROOT / "examples")
    monkeypatch.delitem(sys.modules, "training", raising=False)
    import training  # noqa: PLC0415  it can be found only now

    return training


def test_a_whole_search() -> None:
    found = run("search.py", "--local")
    told = re.match(r"(\d+) candidates, (\d+) of them never trained", found)
    assert told
    candidates, refused = map(int, told.groups())
    assert candidates == 150
    assert 30 < refused < 130
    reasons = dict(re.findall(r"^ +(\d+)  ([\w ]+), such as: \S", found, re.MULTILINE))
    assert sum(map(int, reasons)) == refused
    assert {"invalid_document", "shape_mismatch", "too many macs"} <= set(reasons.values())

    first = float(re.findall(FIRST, found)[0])
    front = [
        (float(accuracy), float(test), int(macs.replace(",", "")))
        for accuracy, test, macs, _ in re.findall(ROW, found, re.MULTILINE)
    ]
    assert len(front) >= 3
    assert front == sorted(front, key=lambda row: (row[2], row[0])), "dearer ones are better"
    best, tested, macs = front[-1]
    assert best > max(first, 97)
    assert tested > 95
    assert macs <= 40_000


def test_a_service_leads_to_the_same_networks() -> None:
    with running_service() as service:
        asked = run("search.py", service.url, "--candidates", "20")
    assert asked == run("search.py", "--local", "--candidates", "20")
    requests = [line for line in service.lines if line.get("route") == "/v1/infer"]
    assert 10 <= len(requests) <= 20
    assert {line["status"] for line in requests} == {200, 422}


LAYERS = {
    "strides and lopsided padding": {"kernel_size": 3, "strides": 2, "padding": "same"},
    "dilation": {"kernel_size": 3, "dilation_rate": 2},
    "an even kernel": {"kernel_size": 4, "padding": "same"},
}


@pytest.mark.parametrize("case", LAYERS)
def test_the_stand_in_cuts_the_windows_of_the_layer(case: str, training: ModuleType) -> None:
    random = np.random.default_rng(0)
    images = random.standard_normal((2, 8, 8, 3), np.float32)
    taps = int(str(LAYERS[case]["kernel_size"]))
    kernel = random.standard_normal((taps, taps, 3, 5), np.float32)
    with local() as client:
        layer = {"type": "Conv2D", "filters": 5, "use_bias": False, **LAYERS[case]}
        report = client.infer({"input_shape": [None, 8, 8, 3], "layers": [layer]})
        windows = training.cut(images, report.layers[0].window)
        made = client.convolve(layer, images, kernel).output
    np.testing.assert_allclose(
        np.tensordot(windows, kernel, ((4, 5, 3), (0, 1, 2))), made, rtol=1e-4, atol=1e-4
    )


def test_the_digits_are_all_there_and_said_where_from(training: ModuleType) -> None:
    digits = training.Digits.load()
    assert digits.images.shape == (1797, 8, 8, 1)
    assert (digits.images.min(), digits.images.max()) == (0, 1)
    assert np.bincount(digits.labels).min() > 170
    assert "CC BY 4.0" in Path(ROOT, "examples", "README.md").read_text("utf-8")
