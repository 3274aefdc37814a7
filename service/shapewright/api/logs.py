"""Logs: lines of JSON or of text, one for each request."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from shapewright.api.settings import Settings

LOG: Final = logging.getLogger("shapewright")


def tell(event: str, facts: Mapping[str, Any]) -> None:
    """Log what happens all the time, without a search for the line of code that says so."""
    if LOG.isEnabledFor(logging.INFO):
        record = logging.LogRecord(LOG.name, logging.INFO, "", 0, event, None, None)
        record.facts = facts
        LOG.handle(record)


def _facts(record: logging.LogRecord) -> Mapping[str, Any]:
    return getattr(record, "facts", {})


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(line, default=str).decode()
        except TypeError:  # half of a surrogate pair, which JSON can escape but UTF-8 cannot hold
            return json.dumps(line, default=str)


class TextLines(logging.Formatter):
    """The same for people: the time, what happened, and the facts in a row."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        return super().formatMessage(record) + facts


FORMATS: Final = {"json": JsonLines, "text": TextLines}


def config(settings: Settings) -> dict[str, Any]:
    """What `logging.config.dictConfig` wants, for this process and for gunicorn."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATS[settings.log_format]}},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.stdout",
            }
        },
        "root": {"level": settings.log_level.upper(), "handlers": ["out"]},
        "loggers": {
            "gunicorn.error": {"level": settings.log_level.upper(), "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},
        },
    }
