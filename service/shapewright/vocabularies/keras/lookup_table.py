"""The table behind Keras's lookups: reserved places first, then the terms of a vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeAlias

from shapewright.arithmetic.dimension import UNKNOWN, Dimension
from shapewright.arithmetic.errors import ParameterError
from shapewright.record import record
from shapewright.vocabularies.parameters import Parameter, is_integer, quote

Term: TypeAlias = str | int

Fault: TypeAlias = tuple[str, str]
"""What is wrong, and the parameter at fault."""


class Terms(Parameter[tuple[Term, ...]]):
    """A list of strings, or of integers; null for a layer that `adapt` gives its terms."""

    def __init__(self, kind: type[Term]) -> None:
        self.kind = kind
        super().__init__(None, doc="the terms, most frequent first; null: found by `adapt`")

    def wanted(self) -> str:
        kind = "strings" if self.kind is str else "integers"
        return f"a list of one or more {kind} (files of terms are not read)"

    def value_schema(self) -> dict[str, Any]:
        kind = "string" if self.kind is str else "integer"
        return {"type": "array", "items": {"type": kind}, "minItems": 1}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Term, ...]:
        if not isinstance(value, list) or not value or not all(map(self._good, value)):
            raise self.refuse(value)
        return tuple(value)

    def _good(self, term: Any) -> bool:
        return isinstance(term, str) if self.kind is str else is_integer(term)


@record
class Table:
    """What a lookup knows, and how it writes down what it finds.

    `vocabulary` may begin with the reserved terms or leave them out. `idf_weights` is the shape of
    the weights of its terms, `vocabulary_size` what was written down when the layer was saved.
    """

    mode: str
    vocabulary: tuple[Term, ...] | None
    mask_token: Term | None
    oov_token: Term | None
    num_oov_indices: int = 1
    max_tokens: int | None = None
    pad_to_max_tokens: bool = False
    idf_weights: tuple[int, ...] | None = None
    invert: bool = False
    vocabulary_size: int | None = None

    def depth(self) -> Dimension:
        """How many places a vector of terms has; unknown before the layer is adapted.

        Raises:
            ParameterError: the parameters do not go together, or not with the vocabulary.
        """
        for detail, parameter in chain(self._own_faults(), self._vocabulary_faults()):
            raise ParameterError(detail, parameter)
        if self.pad_to_max_tokens and self.max_tokens is not None:
            return self.max_tokens
        return UNKNOWN if self._size is None else self._size

    @property
    def reserved(self) -> int:
        """How many places stand before the terms."""
        return self._masks + self.num_oov_indices

    @property
    def _masks(self) -> int:
        """The mask token has a place only where terms are numbered."""
        return int(self.mode == "int" and self.mask_token is not None)

    @property
    def _size(self) -> int | None:
        if self.vocabulary is None:
            return self.vocabulary_size
        return self.reserved + len(self._terms)

    @property
    def _terms(self) -> tuple[Term, ...]:
        """The vocabulary without the reserved terms at its beginning."""
        given = self.vocabulary or ()
        masks, unknowns = given[: self._masks], given[self._masks : self.reserved]
        begins_reserved = (
            len(given) >= self.reserved
            and all(term == self.mask_token for term in masks)
            and all(term == self.oov_token for term in unknowns)
        )
        return given[self.reserved :] if begins_reserved else given

    def _own_faults(self) -> Iterator[Fault]:
        if self.pad_to_max_tokens and self.max_tokens is None:
            yield "pad_to_max_tokens is true, which needs max_tokens, got null", "max_tokens"
        if self.invert and self.mode != "int":
            yield f"invert is true, which needs output_mode 'int', got '{self.mode}'", "output_mode"
        if self.idf_weights is not None and self.mode != "tf_idf":
            yield f"idf_weights need output_mode 'tf_idf', got '{self.mode}'", "idf_weights"

    def _vocabulary_faults(self) -> Iterator[Fault]:
        if self.vocabulary is None or self._size is None:
            return
        yield from ((detail, "vocabulary") for detail in self._term_faults())
        weights, terms = self.idf_weights, len(self.vocabulary)
        if self.mode == "tf_idf" and weights != (terms,):
            given = "none" if weights is None else weights[0]
            yield f"a vocabulary of {terms} terms needs {terms} weights, got {given}", "idf_weights"
        if self.max_tokens is not None and self._size > self.max_tokens:
            places = f"{self._size} places, {self.reserved} of them reserved"
            yield f"the vocabulary makes {places}, max_tokens is {self.max_tokens}", "max_tokens"
        if self.mode == "int" or self.pad_to_max_tokens:
            return
        if self.vocabulary_size not in (None, self._size):
            made = f"the vocabulary makes {self._size} places"
            yield f"{made}, vocabulary_size is {self.vocabulary_size}", "vocabulary_size"

    def _term_faults(self) -> Iterator[str]:
        terms = Counter(self._terms)
        yield from (
            f"the vocabulary has {quote(term)} {count} times, once is enough"
            for term, count in terms.most_common(1)
            if count > 1
        )
        yield from (
            f"the reserved term {quote(token)} stands at a wrong place: reserved terms are left "
            f"out of the vocabulary, or are the first {self.reserved} of it"
            for token in (self.mask_token, self.oov_token if self.invert else None)
            if token is not None and token in terms
        )
