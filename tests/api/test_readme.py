"""The README tells the truth: its calls are made, and its answers are what comes back."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from shapewright.network.notes import CODES
from tests.api.checked import CheckedClient

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
CALLS = [
    (block[1], following)
    for block, following in pairwise(BLOCKS)
    if block[0] == "sh" and "--json @examples" in block[1]
]


def call(client: CheckedClient, command: str) -> Any:
    """Make the call that a curl command line makes."""
    words = shlex.split(command)
    body = (ROOT / words[words.index("--json") + 1].removeprefix("@")).read_bytes()
    headers = dict(word.split(": ") for word in words if word.startswith("Accept: "))
    url = next(word for word in words if word.startswith("localhost")).replace("\\", "")
    path = url[url.index("/") :]
    return client.send("POST", path, data=body, content_type="application/json", headers=headers)


def holds(told: Any, answered: Any) -> bool:
    """Whether everything that is told stands in the answer; lists may be told from their start."""
    if isinstance(told, dict):
        return all(key in answered and holds(value, answered[key]) for key, value in told.items())
    if isinstance(told, list) and told and isinstance(told[0], dict):
        return all(map(holds, told, answered))
    return bool(told == answered)


@pytest.mark.parametrize(
    ("command", "answer"), CALLS, ids=[c.split("examples/")[1] for c, _ in CALLS]
)
def test_a_call_answers_what_the_readme_says(
    client: CheckedClient, command: str, answer: tuple[str, str]
) -> None:
    response = call(client, command)
    kind, text = answer
    if kind == "text":
        assert response.get_data(as_text=True) == text
    else:
        assert holds(json.loads(text), response.get_json())


def test_there_are_calls() -> None:
    assert len(CALLS) >= 7


def test_a_stack_in_the_readme_is_good(client: CheckedClient) -> None:
    stack = next(json.loads(t) for kind, t in BLOCKS if kind == "json" and '"cat"' in t)
    response = client.infer(stack)
    assert response.status_code == 200
    assert response.get_json()["outputs"][0]["shape"] == [1, 128, 56, 56]


def test_the_readme_lists_every_code_of_a_note() -> None:
    row = next(line for line in README.splitlines() if line.startswith("| `notes` |"))
    assert set(re.findall(r"`(\w+)`", row)) == {"notes", *CODES}
