"""The application for WSGI servers: `shapewright.wsgi:app`, set up from the environment."""

from __future__ import annotations

from logging.config import dictConfig

from shapewright.api import logs
from shapewright.api.app import create_app
from shapewright.api.settings import from_process

_settings = from_process()
dictConfig(logs.config(_settings))
app = create_app(_settings)
