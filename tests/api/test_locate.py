"""`locate=`: what a place sees, which outputs it reaches, and places that do not exist."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.api.checked import CheckedClient

STACK = {
    "input_shape": [None, 9, 3],
    "layers": [
        {"type": "Conv1D", "name": "a:b", "filters": 2, "kernel_size": 3, "padding": "same"},
        {"type": "MaxPooling1D", "name": "half"},
        {"type": "GlobalAveragePooling1D", "name": "all"},
    ],
}


def test_back(client: CheckedClient) -> None:
    found = client.infer(STACK, "?detail=summary&locate=half:0").get_json()["located"]
    assert found == {
        "layer": "half",
        "position": [0],
        "sees": {"input": {"unclipped": [[-1, 2]], "clipped": [[0, 2]]}},
    }


def test_ahead(client: CheckedClient) -> None:
    found = client.infer(STACK, "?detail=summary&locate=input:8").get_json()["located"]
    assert found["reaches"] == [
        {"layer": "a:b", "outputs": [[7, 8]]},
        {"layer": "half", "outputs": [[3, 3]]},
        {"layer": "all", "outputs": [None]},
    ]


def test_a_name_may_hold_a_colon(client: CheckedClient) -> None:
    found = client.infer(STACK, f"?locate={quote('a:b:4')}").get_json()["located"]
    assert found["sees"]["input"]["unclipped"] == [[3, 5]]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("half", "is a layer or an input and its indices"),
        ("half:", "is a layer or an input and its indices"),
        ("half:x", "is a layer or an input and its indices"),
        ("half:-1", "is a layer or an input and its indices"),
        ("half:4", "got index 4"),
        ("half:0,0", "has 1 indices, got 2"),
        ("nobody:0", "is called 'nobody'"),
    ],
)
def test_a_place_that_does_not_exist(client: CheckedClient, place: str, told: str) -> None:
    response = client.infer(STACK, f"?locate={quote(place)}")
    assert response.status_code == 422
    problem = response.get_json()
    assert problem["code"] == "invalid_query"
    assert problem["errors"][0]["parameter"] == "locate"
    assert told in problem["detail"]
