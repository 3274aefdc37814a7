"""PyTorch: `torch.nn` modules by family; PyTorch's names, defaults and rules hold here."""

from __future__ import annotations

from typing import Final

from shapewright.vocabularies.declaration import Vocabulary

VOCABULARY: Final = Vocabulary.gathered("torch", __name__, lambda _: None, least_rank=0)
"""Nameless modules are numbered, as in `torch.nn.Sequential`; a tensor may have no axes."""
