"""Whatever is wrong is said as a problem, all of it at once, with pointers to where it is."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.api.kinds import KINDS, MOST_ERRORS
from tests.api.checked import CheckedClient

CONV: dict[str, Any] = {"type": "Conv2D", "filters": 8, "kernel_size": 3}


def stack(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"input_shape": [None, 4, 4, 8], "layers": list(layers), **more}


def pointers(problem: Any) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


WRONG_DOCUMENTS = {
    "a wrong parameter": (stack({**CONV, "filters": 0}), ["/layers/0/filters"]),
    "a misspelt parameter": (stack({**CONV, "kernelsize": 3}), ["/layers/0/kernelsize"]),
    "an unknown type": (stack({"type": "Conv4D"}), ["/layers/0/type"]),
    "no type": (stack({"filters": 3}), ["/layers/0/type"]),
    "a layer that is none": ({**stack(), "layers": [3]}, ["/layers/0"]),
    "layers that are none": ({"layers": 3}, ["/layers"]),
    "an unknown member": (stack(CONV, colour="blue"), ["/colour"]),
    "a slash in a name": (stack(CONV, **{"a/b~c": 1}), ["/a~1b~0c"]),
    "a wrong shape": ({"input_shape": [None, "x"], "layers": [CONV]}, ["/input_shape/1"]),
    "a reference to nothing": (stack({**CONV, "inputs": "x"}), ["/layers/0/inputs"]),
    "several at once": (
        stack({**CONV, "filters": 0, "strides": "x"}, {"type": "Nope"}),
        ["/layers/0/filters", "/layers/0/strides", "/layers/1/type"],
    ),
}


@pytest.mark.parametrize("case", WRONG_DOCUMENTS)
def test_every_fault_of_a_document_is_pointed_at(client: CheckedClient, case: str) -> None:
    network, expected = WRONG_DOCUMENTS[case]
    response = client.infer(network)
    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (422, "invalid_document")
    assert sorted(pointers(problem)) == sorted(expected)


def test_many_shape_faults_are_counted_but_not_all_listed(client: CheckedClient) -> None:
    wide = {**CONV, "kernel_size": 9, "inputs": "input"}
    problem = client.infer(stack(*[wide] * 250)).get_json()
    assert len(problem["errors"]) == MOST_ERRORS
    assert problem["error_count"] == 250
    assert "249 more" in problem["detail"]


def test_reading_stops_after_many_faults(client: CheckedClient) -> None:
    problem = client.infer(stack(*[{**CONV, "filters": 0, "strides": 0}] * 250)).get_json()
    assert len(problem["errors"]) == MOST_ERRORS
    assert MOST_ERRORS <= problem["error_count"] < 2 * MOST_ERRORS


def test_shapes_that_do_not_fit_come_with_the_report_of_the_rest(client: CheckedClient) -> None:
    first, second = {**CONV, "name": "first"}, {**CONV, "name": "second"}
    response = client.infer(stack(first, second, {"type": "Flatten"}))
    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (422, "shape_mismatch")
    assert pointers(problem) == ["/layers/1/kernel_size"]
    assert problem["layer"] == {"index": 1, "name": "second", "type": "Conv2D"}
    assert problem["input_shapes"] == [[None, 2, 2, 8]]
    assert [layer["name"] for layer in problem["partial"]["layers"]] == ["first"]
    assert problem["partial"]["layers"][0]["output_shapes"] == [[None, 2, 2, 8]]


def test_every_branch_that_does_not_fit_is_named(client: CheckedClient) -> None:
    big = {**CONV, "kernel_size": 9, "inputs": "input"}
    problem = client.infer(
        stack(big, {**big, "name": "again"}, CONV | {"inputs": "input"})
    ).get_json()
    assert pointers(problem) == ["/layers/0/kernel_size", "/layers/1/kernel_size"]
    assert [layer["index"] for layer in problem["partial"]["layers"]] == [2]


def test_a_partial_report_has_the_detail_that_was_asked_for(client: CheckedClient) -> None:
    problem = client.infer(stack(CONV, CONV), "?detail=summary").get_json()
    assert "layers" not in problem["partial"]


UNREADABLE = {
    "nothing": b"",
    "half a document": b'{"layers": [',
    "not UTF-8": b'{"layers": "\xff"}',
    "NaN": b'{"layers": [NaN]}',
    "a lone surrogate": b'{"layers": "\\ud800"}',
    "a hundred thousand brackets": b"[" * 100_000,
    "half a file": b"PK\x03\x04nothing",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_a_bad_request(client: CheckedClient, case: str) -> None:
    response = client.infer(UNREADABLE[case])
    assert (response.status_code, response.get_json()["code"]) == (400, "unreadable_document")


def test_broken_json_is_told_where(client: CheckedClient) -> None:
    assert "line 1 column 3" in client.infer(b"[1,]").get_json()["detail"]


BAD_QUERIES = {
    "?detail=everything": ("detail", ""),
    "?detail=": ("detail", ""),
    "?detail=full&detail=full": ("detail", ""),
    "?colour=blue": ("colour", ""),
    "?unknown_layers=guess": ("unknown_layers", ""),
    "?input_shape=": ("input_shape", ""),
    "?input_shape=[1,": ("input_shape", ""),
    "?input_shape=7": ("input_shape", ""),
    "?input_shape=null": ("input_shape", ""),
    "?input_shape=[]": ("input_shape", ""),
    "?input_shape=[1,-2]": ("input_shape", "/1"),
    '?input_shape={"a":[1,"x"]}': ("input_shape", "/a/1"),
}


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_query_names_the_parameter(client: CheckedClient, query: str) -> None:
    response = client.infer(stack(CONV), query)
    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (422, "invalid_query")
    assert [(e["parameter"], e["pointer"]) for e in problem["errors"]] == [BAD_QUERIES[query]]


def test_all_faults_of_a_query_are_told(client: CheckedClient) -> None:
    problem = client.infer(stack(CONV), "?detail=x&colour=blue").get_json()
    assert {error["parameter"] for error in problem["errors"]} == {"detail", "colour"}


def test_every_type_of_problem_can_be_looked_up(client: CheckedClient) -> None:
    for kind in KINDS:
        assert client.get(kind.type).get_json()["code"] == kind.code
    assert client.get("/problems/of-youth").status_code == 404


def test_a_fault_while_telling_of_another_is_one_of_the_service(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("shapewright.api.problems.as_dict", fail)
    response = client.infer(stack(CONV, CONV))
    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")
    assert "secret" not in response.text


def test_a_fault_of_the_service_says_nothing_but_its_id(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("shapewright.api.views.read", fail)
    response = client.infer(stack(CONV), headers={"X-Request-ID": "abc-1"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.get_json()["request_id"] == "abc-1"
    assert "secret" in caplog.text
