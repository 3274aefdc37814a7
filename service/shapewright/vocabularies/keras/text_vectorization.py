"""Keras's way from texts to the numbers of their tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapewright.arithmetic.dimension import UNKNOWN
from shapewright.arithmetic.errors import ParameterError
from shapewright.operations.axes import FixedSizes
from shapewright.operations.base import Operation
from shapewright.operations.encoding import Tokenize
from shapewright.operations.wrapper import Sequence
from shapewright.vocabularies.keras.common import declare
from shapewright.vocabularies.keras.encoding import OLD_NAMES, check_sparse, encoded
from shapewright.vocabularies.keras.lookup import MODES, table_parameters
from shapewright.vocabularies.keras.lookup_table import Table, Terms
from shapewright.vocabularies.parameters import (
    Choice,
    Either,
    Flag,
    Ignored,
    Integer,
    Integers,
    Parameter,
)


class Function(Parameter[str]):
    """A function of the caller's own, as Keras writes one down."""

    def wanted(self) -> str:
        return "a function as Keras writes one down"

    def value_schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, dict):
            raise self.refuse(value)
        return "function"


def text_vectorization(
    split: str | None,
    ngrams: Any,
    output_mode: str,
    output_sequence_length: int | None,
    ragged: bool,
    sparse: bool,
    vocabulary_size: int | None,
    standardize: str | None,
    **table: Any,
) -> Operation:
    """TextVectorization: texts to tokens, tokens to numbers, numbers to vectors."""
    mode = OLD_NAMES.get(output_mode, output_mode)
    check_sparse(sparse, mode)
    check_length(mode, output_sequence_length, ragged)
    terms = Table(mode, mask_token="", oov_token="[UNK]", **table)
    # A layer that was not adapted yet remembers the size of a table without terms.
    known = terms.vocabulary or (vocabulary_size or 0) > terms.reserved
    depth = replace(terms, vocabulary_size=vocabulary_size if known else None).depth()
    tokens = Tokenize(split is not None, ngrams is not None)
    if mode != "int":
        return Sequence((tokens, encoded(mode, depth)))
    length = UNKNOWN if ragged else output_sequence_length
    return tokens if length is None else Sequence((tokens, FixedSizes(((-1, length),))))


def check_length(mode: str, length: int | None, ragged: bool) -> None:
    """Refuse what only sequences of numbers have.

    Raises:
        ParameterError: `output_sequence_length` or `ragged` with another mode than `int`.
    """
    if mode != "int" and length is not None:
        raise ParameterError(
            f"output_sequence_length is {length}, which needs output_mode 'int', got '{mode}'",
            "output_sequence_length",
        )
    if mode != "int" and ragged:
        raise ParameterError(
            f"ragged is true, which needs output_mode 'int', got '{mode}'", "ragged"
        )


def _words(*words: str, doc: str) -> Parameter[Any]:
    known = Choice(*words)
    return Either(known, Function(), default=words[0], nullable=True, doc=doc)


LAYERS = (
    declare(
        "TextVectorization",
        "Texts to the numbers of their tokens, or to vectors of them.",
        "preprocessing/text_vectorization.py",
        {
            "standardize": _words(
                "lower_and_strip_punctuation",
                "lower",
                "strip_punctuation",
                doc="what is done to texts first",
            ),
            "split": _words("whitespace", "character", doc="where texts are taken apart"),
            "ngrams": Either(
                Integer(), Integers(), default=None, nullable=True, doc="neighbours to join"
            ),
            "output_sequence_length": Integer(
                None, minimum=0, doc="cut or fill up every text to so many tokens"
            ),
            "ragged": Flag(False, doc="texts of different lengths stay so"),
            "vocabulary": Terms(str),
            **table_parameters(*MODES),
            "encoding": Ignored("utf-8"),
        },
        text_vectorization,
    ),
)
