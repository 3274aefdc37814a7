"""The catalogue against Keras's own constructors: names, defaults, what is required.

`golden/keras_config_keys.json` has, for each class of `keras.layers` that a description can
make: the keys of `get_config`, the constructor's arguments without a default, the defaults of the
others where they are plain values, and the names that the constructor `popped` out of its
`**kwargs`, mostly for old models. What all layers have is left out.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.keras.common import COMMON
from shapewright.vocabularies.parameters import Ignored
from tests.golden_data import GOLDEN

FACTS: Final[dict[str, Any]] = json.loads((GOLDEN / "keras_config_keys.json").read_text())
KERAS: Final = VOCABULARIES["keras"]
EVERY_TYPE: Final = [
    pytest.param(kind, id=f"{vocabulary.framework}.{kind.name}")
    for vocabulary in VOCABULARIES.values()
    for kind in vocabulary.types.values()
]


def declared(name: str) -> LayerType:
    """The layer type of a Keras class."""
    kind = KERAS.find(name)
    assert kind is not None
    return kind


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_parameters_are_a_valid_schema_that_takes_its_own_defaults(kind: LayerType) -> None:
    schema = kind.json_schema()
    Draft202012Validator.check_schema(schema)
    for name, property_ in schema["properties"].items():
        if "default" in property_:
            errors = Draft202012Validator(property_).iter_errors(property_["default"])
            assert not [error.message for error in errors], name


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_a_type_says_what_it_is_and_where_it_comes_from(kind: LayerType) -> None:
    assert kind.summary.endswith(".")
    assert kind.source.startswith("https://")


def test_every_class_is_declared() -> None:
    assert [name for name in FACTS if KERAS.find(name) is None] == []


@pytest.mark.parametrize("name", FACTS)
def test_what_keras_writes_and_wrote_can_be_read(name: str) -> None:
    written = {*FACTS[name]["config"], *FACTS[name]["popped"]}
    assert written <= set(declared(name).all_parameters)


@pytest.mark.parametrize("name", FACTS)
def test_no_parameter_is_invented(name: str) -> None:
    facts = FACTS[name]
    assert declared(name).parameters.keys() - COMMON.keys() <= {
        *facts["config"],
        *facts["required"],
        *facts["defaults"],
        *facts["popped"],
    }


REFUSED_DEFAULTS: Final = {"CategoryEncoding": {"num_tokens"}}
"""Arguments that have a default in name only: the constructor refuses it."""


@pytest.mark.parametrize("name", FACTS)
def test_required_is_what_keras_requires(name: str) -> None:
    required = {key for key, field in declared(name).parameters.items() if field.required}
    assert required == {*FACTS[name]["required"], *REFUSED_DEFAULTS.get(name, ())}


def alike(value: Any) -> Any:
    """A default in one spelling: one number for all axes, lists for tuples."""
    if isinstance(value, (list, tuple)):
        items = [alike(item) for item in value]
        return items[0] if items and all(item == items[0] for item in items) else items
    return value


@pytest.mark.parametrize("name", FACTS)
def test_defaults_are_those_of_keras(name: str) -> None:
    kind = declared(name)
    schema = kind.json_schema()["properties"]
    heeded = {key for key, field in kind.parameters.items() if not isinstance(field, Ignored)}
    plain = FACTS[name]["defaults"].keys() & {key for key in heeded if "default" in schema[key]}
    ours = {key: alike(schema[key]["default"]) for key in plain}
    assert ours == {key: alike(FACTS[name]["defaults"][key]) for key in plain}
