"""Any layer with any parameters that its published schema allows, on any input: never a 500."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shapewright.vocabularies.frameworks import VOCABULARIES
from tests.api.checked import CheckedClient
from tests.api.values import values

TYPES = [(framework, name) for framework, v in VOCABULARIES.items() for name in v.types]
SHAPES = st.lists(st.none() | st.integers(0, 9) | st.integers(0, 2**31 - 1), min_size=1, max_size=6)


@pytest.mark.parametrize(("framework", "name"), TYPES, ids=map("-".join, TYPES))
def test_any_layer_is_answered(client: CheckedClient, framework: str, name: str) -> None:
    parameters = VOCABULARIES[framework].types[name].json_schema()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(layer=values(parameters), inputs=st.lists(SHAPES, min_size=1, max_size=3))
    def answered(layer: dict[str, object], inputs: list[list[int | None]]) -> None:
        named = {f"i{number}": shape for number, shape in enumerate(inputs)}
        entry = {**layer, "type": name, "name": "layer", "inputs": list(named)}
        document = {"framework": framework, "inputs": named, "layers": [entry]}
        response = client.infer(document)
        assert response.status_code in (200, 422), response.text

    answered()
