"""What a client is set up with, refused at once where it cannot be meant."""

from __future__ import annotations

from math import isfinite
from urllib.parse import urlsplit

from shapewright.client.connection import Patience


def base_url(url: str) -> str:
    """The URL without a slash at its end.

    Raises:
        ValueError: it is no address of HTTP.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"a service has a URL such as http://localhost:8000, got {url!r}")
    return url.rstrip("/")


def key(text: str) -> str:
    """The API key.

    Raises:
        ValueError: no header can hold it; the message keeps it secret.
    """
    if not (text.isascii() and text.isprintable() and text.strip() == text != ""):
        raise ValueError("an API key is printable ASCII without spaces around it")
    return text


def seconds(timeout: Patience) -> Patience:
    """The timeout, of which there must be one.

    Raises:
        ValueError: it is no positive number, nor two of them.
    """
    parts = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(parts) != 2 or not all(_is_positive(part) for part in parts):
        raise ValueError(f"`timeout` is a number of seconds, or two of them, got {timeout!r}")
    return timeout


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value) and value > 0


def at_least(least: int, name: str, value: int) -> int:
    """The value.

    Raises:
        ValueError: it is less.
    """
    if value < least:
        raise ValueError(f"`{name}` is at least {least}, got {value}")
    return value
