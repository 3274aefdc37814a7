"""Records and errors are what the service's OpenAPI document says, by the same names."""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, fields
from typing import Any

import pytest

from shapewright.api.kinds import KINDS
from shapewright.api.openapi import document
from shapewright.client import Problem, Tensor, catalogue, convolved, errors, reports
from shapewright.client.errors import Fault
from shapewright.client.records import Record

SCHEMAS = document()["components"]["schemas"]
NAMES = {reports.Layer: "LayerReport", Fault: "Error"}
RECORDS = [
    kind
    for module in (reports, catalogue, convolved, errors)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Record) and kind.__module__ == module.__name__
]


def told(kind: type[Record]) -> list[Field[Any]]:
    return [item for item in fields(kind) if item.name != "raw"]


def test_there_are_records() -> None:
    assert len(RECORDS) >= 13


@pytest.mark.parametrize("kind", RECORDS)
def test_every_attribute_is_a_member_of_the_contract(kind: type[Record]) -> None:
    schema = SCHEMAS[NAMES.get(kind, kind.__name__)]
    assert {item.name for item in told(kind)} <= set(schema["properties"])
    always = {item.name for item in told(kind) if item.default is MISSING}
    assert always <= set(schema["required"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_problem_has_its_class(kind: Any) -> None:
    raw = {"status": kind.status, "code": kind.code, "request_id": "r"}
    network_is_at_fault = kind.code in (
        *("unreadable_document", "too_large", "invalid_document", "shape_mismatch"),
    )
    found = errors.problem(raw)
    assert isinstance(found, errors.InvalidNetwork) == network_is_at_fault
    arrays_are_at_fault = kind.code in ("unreadable_array", "array_mismatch")
    assert isinstance(found, errors.InvalidArrays) == arrays_are_at_fault
    assert found.transient == (kind.status >= 500)


@pytest.mark.parametrize("code", errors.BY_CODE)
def test_every_code_exists(code: str) -> None:
    assert code in {kind.code for kind in KINDS}


def test_a_record_passes_over_what_it_does_not_know_and_keeps_it() -> None:
    tensor = Tensor.read({"name": "input", "shape": [None, "H", 3], "colour": "red"})
    assert (tensor.name, tensor.shape) == ("input", (None, "H", 3))
    assert tensor.raw["colour"] == "red"
    assert repr(tensor) == "Tensor(name='input', shape=(None, 'H', 3))"


def test_a_record_cannot_be_changed() -> None:
    tensor = Tensor.read({"name": "input", "shape": [1]})
    with pytest.raises(FrozenInstanceError):
        tensor.name = "another"  # type: ignore[misc]  # that is the question


def test_a_record_that_lacks_something_is_none() -> None:
    with pytest.raises(TypeError):
        Tensor.read({"name": "input"})


def test_the_address_of_a_problem_is_the_services() -> None:
    for kind in KINDS:
        found = errors.problem({**kind.as_dict(), "request_id": "r"})
        assert isinstance(found, Problem)
        assert found.type == f"/problems/{kind.name}"
