"""Logs: lines of JSON or of text, and the id that ties answers to lines."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import g, request

from shapewright.api.settings import Settings

LOG: Final = logging.getLogger("shapewright")
REQUEST_ID: Final = "X-Request-ID"
SANE_ID: Final = r"[A-Za-z0-9._:=+/@-]{1,128}"


def request_id() -> str:
    """The caller's `X-Request-ID` if it looks sane, else one made up; the same for one request."""
    if "request_id" not in g:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if re.fullmatch(SANE_ID, given) else uuid.uuid4().hex
    return str(g.request_id)


def _facts(record: logging.LogRecord) -> Mapping[str, Any]:
    return getattr(record, "facts", {})


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
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
