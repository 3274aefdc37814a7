"""Media types in and out, and bodies that are too large."""

from __future__ import annotations

import io
from typing import Any

import pytest

from shapewright.api.app import create_app
from shapewright.api.settings import Settings
from tests.api.checked import CheckedClient

NETWORK = b'{"input_shape": [1, 2], "layers": [{"type": "Flatten"}]}'
JSON, TEXT = "application/json", "text/plain"

ACCEPTED = {
    None: JSON,
    "*/*": JSON,
    "application/json": JSON,
    "application/*": JSON,
    "text/plain": TEXT,
    "text/*": TEXT,
    "text/plain; charset=utf-8": TEXT,
    "TEXT/PLAIN": TEXT,
    "application/json, text/plain, */*": JSON,
    "application/json;q=0.5, text/plain": TEXT,
    "application/json;q=0, */*": TEXT,
    "text/html, text/plain;q=0.9, */*;q=0.8": TEXT,
}


@pytest.mark.parametrize("accept", ACCEPTED, ids=str)
def test_the_answer_is_what_accept_likes_best(client: CheckedClient, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.infer(NETWORK, headers=headers)
    assert (response.status_code, response.mimetype) == (200, ACCEPTED[accept])
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0", "nonsense"])
def test_nothing_acceptable(client: CheckedClient, accept: str) -> None:
    response = client.infer(NETWORK, headers={"Accept": accept})
    assert response.status_code == 406


WRONG_TYPES: list[dict[str, Any]] = [
    {"content_type": None},
    {"content_type": "application/x-www-form-urlencoded"},
    {"content_type": "text/plain"},
    {"content_type": "application/jsonx"},
    {"content_type": "nonsense"},
    {"content_type": JSON, "headers": {"Content-Encoding": "gzip"}},
]


@pytest.mark.parametrize("request_", WRONG_TYPES, ids=str)
def test_wrong_types_of_body(client: CheckedClient, request_: dict[str, Any]) -> None:
    response = client.send("POST", "/v1/infer", data=NETWORK, **request_)
    assert response.status_code == 415


BAD_FORMS: dict[str, dict[str, Any]] = {
    "no part": {},
    "another part": {"model": (io.BytesIO(NETWORK), "m.json")},
    "a part too many": {"file": (io.BytesIO(NETWORK), "m.json"), "note": "hello"},
    "two files": {"file": [(io.BytesIO(NETWORK), "a"), (io.BytesIO(NETWORK), "b")]},
}


@pytest.mark.parametrize("form", BAD_FORMS)
def test_forms_without_exactly_one_file(client: CheckedClient, form: str) -> None:
    response = client.send(
        "POST", "/v1/infer", data=BAD_FORMS[form], content_type="multipart/form-data"
    )
    assert (response.status_code, response.get_json()["code"]) == (400, "bad_request")


BROKEN_FORMS = {
    "no boundary": ("multipart/form-data", NETWORK),
    "not a form": ("multipart/form-data; boundary=x", NETWORK),
    "no end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n{',
    ),
    "no headers": ("multipart/form-data; boundary=x", b"--x\r\n\r\n{}\r\n--x--\r\n"),
}


@pytest.mark.parametrize("case", BROKEN_FORMS)
def test_broken_forms(client: CheckedClient, case: str) -> None:
    content_type, data = BROKEN_FORMS[case]
    response = client.send("POST", "/v1/infer", data=data, content_type=content_type)
    assert response.status_code == 400


class Endless(io.RawIOBase):
    """A body without end that counts what was read of it."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


@pytest.fixture(scope="module")
def small() -> CheckedClient:
    return CheckedClient(create_app(Settings(max_body_bytes=2048)))


def test_a_large_body_is_refused_unread(small: CheckedClient) -> None:
    body = Endless()
    response = small.send(
        "POST",
        "/v1/infer",
        content_type=JSON,
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "5000"},
    )
    assert (response.status_code, body.taken) == (413, 0)
    assert "2048" in response.get_json()["detail"]
    assert "5000" in response.get_json()["detail"]


def test_a_body_of_unknown_length_is_read_up_to_the_bound(small: CheckedClient) -> None:
    body = Endless()
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    response = small.send(
        "POST",
        "/v1/infer",
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides=environ,
    )
    assert response.status_code == 413
    assert body.taken <= 4096


def test_json_has_a_bound_of_its_own() -> None:
    client = CheckedClient(create_app(Settings(max_json_bytes=1024)))
    response = client.infer(NETWORK + b" " * 1024)
    assert (response.status_code, response.get_json()["code"]) == (413, "too_large")
    assert "1024" in response.get_json()["detail"]


def test_too_many_parts_are_refused(client: CheckedClient) -> None:
    form = {f"part{i}": "x" for i in range(50)}
    response = client.send("POST", "/v1/infer", data=form, content_type="multipart/form-data")
    assert response.status_code == 413
