"""Keras's operations (`keras.ops`), which functional models call without a layer.

Some have the names of layers; the module that they come from tells them apart.
"""

from __future__ import annotations

from typing import Final

from shapewright.vocabularies.declaration import Vocabulary

OPERATIONS: Final = Vocabulary.gathered("keras.ops", __name__, lambda name: name)
