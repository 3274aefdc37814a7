"""The least that a service can do for one stack a request: decode it, and encode an answer.

The stacks have about 50 layers and tell by their `id` which answer is theirs: the one that
Shapewright gives, as an object.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

import orjson
from flask import Flask, Response, request

from benchmarks.layers import Document
from benchmarks.search_spaces import SPACES, candidates
from shapewright.api.app import create_app

LENGTHS: Final = range(48, 53)
EACH: Final = 25
"""How many stacks are taken from each search space."""

DETAILS: Final = ("summary", "full")


def stacks() -> list[Document]:
    """The stacks that are sent."""
    found: list[Document] = []
    for space in SPACES:
        stream = (
            candidate.document
            for candidate in candidates(space, 1)
            if candidate.fault is None and len(candidate.document["layers"]) in LENGTHS
        )
        found += islice(stream, EACH)
    return [{"id": number, **document} for number, document in enumerate(found)]


def answers(detail: str) -> list[object]:
    """What Shapewright answers to each."""
    service = create_app().test_client()
    path = f"/v1/infer?detail={detail}"
    return [orjson.loads(service.post(path, json=document).data) for document in stacks()]


ANSWERS: Final = {detail: answers(detail) for detail in DETAILS}

app: Final = Flask(__name__)


@app.post("/v1/infer")
def infer() -> Response:
    """Decode, look up, encode."""
    document = orjson.loads(request.get_data())
    answer = ANSWERS[request.args["detail"]][document["id"]]
    return Response(orjson.dumps(answer), mimetype="application/json")
