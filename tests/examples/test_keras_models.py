"""The comparison of Keras models runs, and says what Keras says of them."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from shapewright.client import local
from tests.examples.running import ROOT, run
from tests.running import running_service

FILES = [f"examples/models/{name}.json" for name in ("lenet", "mobile", "unet", "waves")]
PARAMS = {"lenet": "61,706", "mobile": "14,154", "unet": "56,689", "waves": "2,773"}
"""What `count_params` of Keras 3.15.1 gives."""

LOPSIDED = [
    *("mobile: stem 0+1, 0+1", "mobile: depthwise_2 0+1, 0+1", "mobile: depthwise_3 0+1, 0+1"),
    *(f"waves: dilated_{2**power} {2**power}+0" for power in range(6)),
]


@pytest.fixture
def keras_models(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "examples")
    import keras_models  # noqa: PLC0415  it can be found only now

    return keras_models


class Model:
    """What is asked of a Keras model."""

    def __init__(self, file: str) -> None:
        self.file = file

    def to_json(self) -> str:
        return (ROOT / self.file).read_text("utf-8")


def test_files_are_compared() -> None:
    printed = run("keras_models.py", "--local", *FILES)
    assert f"```text\n{printed}```" in (ROOT / "README.md").read_text("utf-8")
    table, _, padded = printed.partition("\n\n")
    assert dict(re.findall(r"^(\w+) +([\d,]+) ", table, re.MULTILINE)) == PARAMS
    assert [line.strip() for line in padded.splitlines()[1:]] == LOPSIDED


def test_a_service_says_the_same() -> None:
    with running_service() as service:
        asked = run("keras_models.py", service.url, *FILES)
    assert asked == run("keras_models.py", "--local", *FILES)


def test_models_are_compared(keras_models: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with local() as client:
        keras_models.show(
            client, {"mine": Model(FILES[0]), "deep": Model("examples/resnet50.json")}
        )
    rows = capsys.readouterr().out.splitlines()
    assert [row.split() for row in rows[1:]] == [
        ["mine", "61,706", "416,520", "16x16", "[?,", "10]"],
        ["deep", "25,636,712", "3,857,973,248", "483x483", "[?,", "1000]"],
    ]


def test_a_model_that_does_not_fit_stops_nothing(
    keras_models: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with local() as client:
        keras_models.show(client, {"wrong": Model("examples/skip.json"), "good": Model(FILES[0])})
    wrong, good = capsys.readouterr().out.splitlines()[1:]
    assert "has size 44" in wrong
    assert "61,706" in good


def test_what_is_seen_of_several_inputs(keras_models: ModuleType) -> None:
    branches = [
        {"type": "Conv1D", "name": name, "filters": 1, "kernel_size": taps, "inputs": name[-1]}
        for name, taps in (("wide_a", 5), ("narrow_b", 1))
    ]
    network = {
        "inputs": {"a": [None, 12, 1], "b": [None, 8, 1]},
        "layers": [*branches, {"type": "Add", "inputs": ["wide_a", "narrow_b"]}],
    }
    with local() as client:
        report = client.infer(network)
    assert list(keras_models.sizes(report.layers[-1])) == ["5", "1"]
