"""The same client without a server: requests go straight to the application in this process."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.adapters import BaseAdapter

from shapewright.client.client import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

URL: Final = "http://shapewright.local"


def local() -> Client:
    """A client that has the engine in its own process; nothing listens, nothing is sent.

    The engine is loaded here, not with the client. Nobody else is to be protected from a long run,
    so arrays have no bounds.
    """
    from shapewright.api.app import create_own_app  # noqa: PLC0415  a server's client needs none

    return Client(URL, retries=0, transport=Transport(create_own_app()))


class Transport(BaseAdapter):
    """Hands each request to a WSGI application."""

    def __init__(self, application: WSGIApplication) -> None:
        from werkzeug.test import Client as Caller  # noqa: PLC0415  as above

        super().__init__()
        self._caller = Caller(application, use_cookies=False)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """What the application answers."""
        answer = self._caller.open(
            request.path_url,
            method=request.method,
            headers=list(request.headers.items()),
            data=request.body or b"",
        )
        response = requests.Response()
        response.request = request
        response.url = request.url or URL
        response.status_code = answer.status_code
        response.reason = answer.status.partition(" ")[2]
        response.headers.update(answer.headers)
        response.raw = BytesIO(answer.data)
        return response

    def close(self) -> None:
        """Nothing is open."""
