"""The vocabularies that exist, by framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shapewright.vocabularies import keras, torch
from shapewright.vocabularies.declaration import Vocabulary

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    vocabulary.framework: vocabulary for vocabulary in (keras.VOCABULARY, torch.VOCABULARY)
}
