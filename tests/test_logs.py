"""Lines of the log: one JSON object each, whatever is in them."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

import pytest

from shapewright.api.logs import JsonLines

FACTS: list[Any] = [{"route": "/v1/infer", "ms": 0.5}, {"name": "ä\n"}, {"half": "\ud800"}]


@pytest.mark.parametrize("facts", FACTS, ids=ascii)
def test_a_line_is_json(facts: dict[str, Any]) -> None:
    record = logging.LogRecord("shapewright", logging.INFO, "", 0, "what %s", ("now",), None)
    record.facts = facts
    text = JsonLines().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert line | facts == line
    assert (line["level"], line["event"]) == ("info", "what now")
    assert datetime.fromisoformat(line["at"]).timestamp() == pytest.approx(record.created, abs=1e-3)
