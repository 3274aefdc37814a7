"""Keras's layers that look terms up in a vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.base import Operation
from shapewright.vocabularies.declaration import LayerType
from shapewright.vocabularies.keras.arrays import Array
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.encoding import (
    OLD_NAMES,
    check_sparse,
    encoded,
    output_mode,
    salt,
)
from shapewright.vocabularies.keras.lookup_table import Table, Term, Terms
from shapewright.vocabularies.parameters import Choice, Flag, Ignored, Integer, Parameter, Text

MODES: Final = ("int", "one_hot", "multi_hot", "count", "tf_idf", *OLD_NAMES)


def lookup(output_mode: str, sparse: bool, **table: Any) -> Operation:
    """What IntegerLookup and StringLookup have in common."""
    mode = OLD_NAMES.get(output_mode, output_mode)
    check_sparse(sparse, mode)
    return encoded(mode, Table(mode, **table).depth())


def integer_lookup(oov_method: str, salt: Any, vocabulary_dtype: str, **common: Any) -> Operation:
    """IntegerLookup; salt is for true hashes only."""
    if salt is not None and oov_method != "farmhash":
        raise ParameterError(f"salt needs oov_method 'farmhash', got '{oov_method}'", "salt")
    return lookup(**common)


def string_lookup(oov_method: str, salt: Any, **common: Any) -> Operation:
    """StringLookup."""
    return lookup(**common)


def table_parameters(*modes: str) -> dict[str, Parameter[Any]]:
    """The parameters of a table of terms that do not depend on their kind."""
    return {
        "max_tokens": Integer(None, minimum=2, doc="how many places the table has at most"),
        "pad_to_max_tokens": Flag(False, doc="make vectors as long as `max_tokens`"),
        "output_mode": output_mode(*modes, default="int"),
        "sparse": Flag(False),
        "idf_weights": Array(None, rank=1, doc="for mode `tf_idf`, one for each term"),
        "vocabulary_size": Integer(None, minimum=0, doc="how many places the table has"),
        "has_input_vocabulary": Ignored(doc="written by old versions of Keras"),
    }


def _layer(
    name: str,
    file: str,
    kind: type[Term],
    mask_token: Parameter[Any],
    oov_token: Parameter[Any],
    more: Mapping[str, Parameter[Any]],
    build: Callable[..., Operation],
) -> LayerType:
    words = {str: "Strings", int: "Integers"}
    return declare(
        name,
        f"{words[kind]} to their numbers in a vocabulary.",
        f"preprocessing/{file}.py",
        {
            "num_oov_indices": Integer(1, minimum=0, doc="places for terms that are not known"),
            "mask_token": mask_token,
            "oov_token": oov_token,
            "vocabulary": Terms(kind),
            **table_parameters(*MODES),
            "invert": Flag(False, doc="numbers to terms instead"),
            "oov_method": Choice("floormod", "farmhash", default="floormod"),
            "salt": salt(),
            **more,
        },
        build,
    )


def _integer(default: int | None) -> Parameter[Any]:
    return Integer(default, minimum=-(2**63), maximum=2**63 - 1, nullable=True)


LAYERS = (
    _layer(
        "IntegerLookup",
        "integer_lookup",
        int,
        _integer(None),
        _integer(-1),
        {"vocabulary_dtype": Choice("int64", default="int64")},
        integer_lookup,
    ),
    _layer(
        "StringLookup",
        "string_lookup",
        str,
        Text(None),
        Text("[UNK]", nullable=True),
        {"encoding": Ignored("utf-8")},
        string_lookup,
    ),
)
