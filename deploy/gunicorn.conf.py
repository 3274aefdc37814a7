"""gunicorn -c deploy/gunicorn.conf.py shapewright.wsgi:app."""

from shapewright.api.serving import *  # noqa: F403
