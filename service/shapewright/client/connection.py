"""One service, reached over connections that are kept and used again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Final, TypeAlias
from uuid import uuid4

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from shapewright import __version__
from shapewright.client.answers import Answer, answer
from shapewright.client.errors import ConnectionFailed, Timeout
from shapewright.client.retries import retried

Query: TypeAlias = Mapping[str, str | None]
Patience: TypeAlias = float | tuple[float, float]
"""Seconds to connect and seconds between bytes of the answer: one number for both, or two."""

MOST_CONNECTIONS: Final = 32
"""So many connections are kept; threads may use them at the same time."""


class Connection:
    """Makes calls; several threads may."""

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None,
        timeout: Patience,
        retries: int,
        transport: BaseAdapter | None,
    ) -> None:
        self._url = url
        self._timeout = timeout
        self._retries = retries
        transport = transport or HTTPAdapter(pool_maxsize=MOST_CONNECTIONS)
        self._session = _session(url, api_key, transport)

    def send(
        self,
        method: str,
        path: str,
        query: Query,
        body: bytes | None = None,
        media_type: str | None = None,
        accept: str = "*/*",
    ) -> Answer:
        """The answer to one call, tried again after whatever may pass.

        Raises:
            ShapewrightClientError: there is no good answer.
        """
        call, request_id = f"{method} {path}", uuid4().hex
        headers = {"X-Request-ID": request_id, "Accept": accept}
        if media_type is not None:
            headers["Content-Type"] = media_type

        def attempt() -> Answer:
            with _translating(call, request_id):
                response = self._session.request(
                    method,
                    self._url + path,
                    params=query,
                    data=body,
                    headers=headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            return answer(response, call, request_id)

        return retried(attempt, self._retries)

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


@contextmanager
def _translating(call: str, request_id: str) -> Iterator[None]:
    """Turn what requests raises into a member of the family."""
    try:
        yield
    except requests.RequestException as error:
        kind = Timeout if _timed_out(error) else ConnectionFailed
        raise kind(f"{call}: {_reason(error)}", request_id) from error


def _timed_out(error: requests.RequestException) -> bool:
    """Within a body, requests calls a timeout a lost connection; its cause tells."""
    return isinstance(error, requests.Timeout) or isinstance(_inner(error).__cause__, TimeoutError)


def _reason(error: requests.RequestException) -> str:
    return str(getattr(_inner(error), "reason", error))


def _inner(error: requests.RequestException) -> BaseException:
    """The exception that requests wrapped, which says more."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, BaseException) else error


def _session(url: str, api_key: str | None, transport: BaseAdapter) -> requests.Session:
    """A session that no answer changes, so that threads can share it: it takes no cookies.

    What the environment says of proxies and certificates is read here, once, and not for each call.
    """
    session = requests.Session()
    session.headers["User-Agent"] = f"shapewright/{__version__}"
    if api_key is not None:
        session.headers["Authorization"] = f"Bearer {api_key}"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.mount("http://", transport)
    session.mount("https://", transport)
    environment = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = environment["proxies"], environment["verify"]
    session.trust_env = False
    return session
