"""An answer as it goes out."""

from __future__ import annotations

from typing import Any, Final

import flask

SECURITY_HEADERS: Final = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


class Response(flask.Response):
    """A response that has the security headers when it goes out: nothing looks at them before."""

    def get_wsgi_response(self, environ: dict[str, Any]) -> tuple[Any, str, list[tuple[str, str]]]:
        body, status, headers = super().get_wsgi_response(environ)
        return body, status, [*headers, *SECURITY_HEADERS]
