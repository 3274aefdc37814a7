"""The streams that are measured are what they say."""

from __future__ import annotations

from itertools import islice

import pytest

from benchmarks.search_spaces import FAULTS, INVALID, LENGTHS, SPACES, Candidate, candidates
from shapewright.client import InvalidNetwork, Problem, ShapeMismatch, local

KINDS = {
    "branch mismatch": ShapeMismatch,
    "window too large": ShapeMismatch,
    "wrong parameter": InvalidNetwork,
}


@pytest.fixture(params=SPACES)
def drawn(request: pytest.FixtureRequest) -> list[Candidate]:
    return list(islice(candidates(request.param, 7), 200))


def test_a_seed_always_gives_the_same(
    drawn: list[Candidate], request: pytest.FixtureRequest
) -> None:
    space = request.node.callspec.params["drawn"]
    assert list(islice(candidates(space, 7), 200)) == drawn
    assert list(islice(candidates(space, 8), 200)) != drawn


def test_candidates_have_as_many_layers_as_announced(drawn: list[Candidate]) -> None:
    assert {len(candidate.document["layers"]) in LENGTHS for candidate in drawn} == {True}


@pytest.mark.parametrize("space", SPACES)
def test_as_many_are_spoiled_as_announced(space: str) -> None:
    faults = [candidate.fault for candidate in islice(candidates(space, 1), 4000)]
    spoiled = [fault for fault in faults if fault]
    assert len(spoiled) / len(faults) == pytest.approx(INVALID, abs=0.015)
    assert set(spoiled) == set(FAULTS)


def test_the_service_refuses_what_is_spoiled_and_nothing_else(drawn: list[Candidate]) -> None:
    answers = local().infer_many(candidate.document for candidate in drawn)
    for candidate, answer in zip(drawn, answers, strict=True):
        wanted = KINDS[candidate.fault] if candidate.fault else None
        assert isinstance(answer, wanted) if wanted else not isinstance(answer, Problem), candidate
