"""How weights begin, what they are penalized for and held to: it changes no shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shapewright.vocabularies.parameters import Anything, Ignored, Parameter


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INITIALIZERS: Final = _words(
    """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer Initializer
    LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform STFT
    STFTInitializer TruncatedNormal VarianceScaling Zeros constant glorot_normal glorot_uniform
    he_normal he_uniform identity initializer lecun_normal lecun_uniform normal one ones orthogonal
    random_normal random_uniform stft truncated_normal uniform variance_scaling zero zeros
    """
)

REGULARIZERS: Final = _words(
    """
    L1 L1L2 L2 OrthogonalRegularizer Regularizer l1 l1l2 l2 orthogonal_regularizer regularizer
    """
)

CONSTRAINTS: Final = _words(
    """
    Constraint MaxNorm MinMaxNorm NonNeg UnitNorm constraint max_norm min_max_norm non_neg unit_norm
    """
)


KINDS: Final[Mapping[str, frozenset[str]]] = {
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "constraint": CONSTRAINTS,
}


class Option(Anything):
    """One of Keras's names, or the object that Keras writes, be it for a class of one's own."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        super().__init__(None)

    def wanted(self) -> str:
        return f"null, an object with a class_name, or one of {', '.join(sorted(self.names))}"

    def value_schema(self) -> dict[str, Any]:
        written = {"type": "object", "required": ["class_name"]}
        return {"anyOf": [{"type": "string", "enum": sorted(self.names)}, written]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if (isinstance(value, dict) and "class_name" in value) or (
            isinstance(value, str) and value in self.names
        ):
            return value
        raise self.refuse(value)


class UnusedOption(Option, Ignored):
    """An option that is checked, but changes no number."""


def weight_options(*weights: str) -> Mapping[str, Parameter[Any]]:
    """The three options of each weight."""
    return {
        f"{weight}_{kind}": UnusedOption(names)
        for weight in weights
        for kind, names in KINDS.items()
    }
