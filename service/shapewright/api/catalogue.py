"""The catalogue: what every layer type is, from its declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapewright.vocabularies.declaration import LayerType, Vocabulary
from shapewright.vocabularies.frameworks import VOCABULARIES


def summaries(framework: str | None) -> list[dict[str, Any]]:
    """Every layer type of a framework, or of all of them, in one line each."""
    return [
        _summary(vocabulary, vocabulary.types[name])
        for vocabulary in _vocabularies(framework)
        for name in sorted(vocabulary.types)
    ]


def whole(vocabulary: Vocabulary, kind: LayerType) -> dict[str, Any]:
    """All that is known of a layer type."""
    return {
        **_summary(vocabulary, kind),
        "source": kind.source,
        "arguments": kind.arguments,
        "parameters": kind.json_schema(),
    }


def _vocabularies(framework: str | None) -> Iterator[Vocabulary]:
    return (v for name, v in VOCABULARIES.items() if framework in (None, name))


def _summary(vocabulary: Vocabulary, kind: LayerType) -> dict[str, Any]:
    return {
        "framework": vocabulary.framework,
        "type": kind.name,
        "aliases": sorted(k for k, name in vocabulary.aliases.items() if name == kind.name),
        "summary": kind.summary,
        "href": f"/v1/layers/{vocabulary.framework}/{kind.name}",
    }
