"""Media types: which one the caller gets, and what is in the body that was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from shutil import copyfileobj
from typing import IO, Final, cast

import flask
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import get_content_length

from shapewright.api.kinds import (
    BAD_REQUEST,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    Refusal,
)
from shapewright.vocabularies.parameters import quote

JSON: Final = "application/json"
TEXT: Final = "text/plain"
YAML: Final = "application/yaml"
BINARY: Final = "application/octet-stream"
NDJSON: Final = "application/x-ndjson"
FORM: Final = "multipart/form-data"
NPY: Final = "application/x-npy"
NPZ: Final = "application/x-npz"

COPIED: Final = 64 * 1024
"""Bytes of a body that are read at once."""

FILE: Final = "file"
"""The part of a form that holds the document, where there is but one."""

BODY: Final = ""
"""The name of the only part of a body that is no form."""


def negotiate(accept: MIMEAccept, offers: Sequence[str]) -> str:
    """The offer that the `Accept` header likes best; the first one where it has no say.

    Raises:
        Refusal: the header rules out all of them.
    """
    if not accept:
        return offers[0]
    ranges = MIMEAccept((value.partition(";")[0].strip(), q) for value, q in accept)
    best = ranges.best_match(offers)
    if best is None:
        raise Refusal(
            NOT_ACCEPTABLE,
            f"the answer is {' or '.join(offers)}, but `Accept` is {quote(str(accept))}",
        )
    return best


def check_type(request: flask.Request, reads: Collection[str]) -> None:
    """Insist on a body of one of these media types.

    Raises:
        Refusal: it is of another one, or packed.
    """
    if request.mimetype not in reads:
        given = quote(request.mimetype) if request.mimetype else "no Content-Type"
        raise Refusal(UNSUPPORTED_MEDIA_TYPE, f"send {', '.join(reads)}; got {given}")
    if request.content_encoding:
        given = quote(request.content_encoding)
        raise Refusal(UNSUPPORTED_MEDIA_TYPE, f"send the body as it is; it is encoded as {given}")


def received(request: flask.Request, sent: str, parts: Collection[str]) -> Mapping[str, bytes]:
    """What was sent: the parts of a form by their names, or the body alone.

    Raises:
        Refusal: the body is too large, breaks off, or is a form without parts, with others, or
            with one of them twice.
    """
    try:
        return _form(request, parts) if sent == FORM else {BODY: _whole(request)}
    except RequestEntityTooLarge:
        size = f"a body has at most {request.max_content_length} bytes"
        parts = f"a form at most {request.max_form_parts} parts"
        got = request.content_length or "more"
        raise Refusal(TOO_LARGE, f"{size} and {parts}, got {got} bytes") from None
    except Refusal:
        raise
    except Exception as error:  # what a server raises for a body that breaks off is its own affair
        raise Refusal(BAD_REQUEST, "the body cannot be read to its end") from error


def pass_over(request: flask.Request) -> None:
    """Read the body and keep nothing of it: many callers hear no answer before it is sent."""
    with suppress(Exception):  # it is refused as it is
        while request.stream.read(COPIED):
            pass


def _whole(request: flask.Request) -> bytes:
    """The body, of which there is never a second copy."""
    length, most = get_content_length(request.environ), request.max_content_length
    if length is None:
        return _endless(request.stream, most)
    if most is not None and length > most:
        raise RequestEntityTooLarge
    body = request.input_stream.read(length)
    if len(body) < length:
        raise ClientDisconnected
    return body


def _endless(stream: IO[bytes], most: int | None) -> bytes:
    """A body without a length, which is cut off silently where it becomes too large."""
    body = BytesIO()
    copyfileobj(stream, body, COPIED)
    if body.tell() == most:
        raise RequestEntityTooLarge
    return body.getvalue()


def _form(request: flask.Request, known: Collection[str]) -> Mapping[str, bytes]:
    files = [
        (name, cast(BytesIO, part.stream).getvalue())
        for name, part in request.files.items(multi=True)
    ]
    texts = [(name, text.encode()) for name, text in request.form.items(multi=True)]
    parts = dict(files + texts)
    if not parts or not parts.keys() <= set(known) or len(parts) < len(files + texts):
        names = ", ".join(quote(name) for name, _ in files + texts) or "none"
        wanted = ", ".join(map(repr, known))
        raise Refusal(BAD_REQUEST, f"the parts of the form are {wanted}, each once, got {names}")
    return parts
