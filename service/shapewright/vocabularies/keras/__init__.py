"""Keras 3: layer types by family; Keras's names, defaults and rules hold here."""

from __future__ import annotations

import re
from typing import Final

from shapewright.vocabularies.declaration import Vocabulary


def snake_case(name: str) -> str:
    """Keras's habit for names: `Conv2D` is `conv2d`, `BatchNormalization` `batch_normalization`."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


VOCABULARY: Final = Vocabulary.gathered("keras", __name__, snake_case)
