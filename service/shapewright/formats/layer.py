"""One layer's JSON to an operation, through a vocabulary; layers inside it first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Protocol

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.texts import text_of
from shapewright.memo import Memo
from shapewright.operations.base import Note, Operation
from shapewright.operations.identity import Elementwise
from shapewright.paths import Path
from shapewright.record import record
from shapewright.vocabularies.call import Call, single
from shapewright.vocabularies.declaration import LayerType, Vocabulary
from shapewright.vocabularies.errors import Fault, InvalidParameters
from shapewright.vocabularies.parameters import (
    Either,
    InnerLayer,
    Layer,
    Layers,
    Parameter,
    quote,
)


@record
class Built:
    """An operation, the values it was made of, and how its parameters are spelt."""

    operation: Operation
    values: Mapping[str, Any] = field(default_factory=dict)
    spelling: Mapping[str, str] = field(default_factory=dict)


LONGEST_TEXT: Final = 4096
"""How long the parameters of a layer are at most that is remembered."""

LAYERS: Final[Memo[tuple[str, str, bytes], Built]] = Memo("layers")
"""Layers that were found good, by their parameters as JSON."""


class InnerReader(Protocol):
    """Reads the JSON of a layer inside a layer; each format has its own way to write one."""

    def __call__(self, value: Any, path: Path, depth: int) -> InnerLayer: ...


@record
class LayerReader:
    """Builds layers of one vocabulary; `inner` reads the layers that wrappers hold."""

    vocabulary: Vocabulary
    unknown_as_identity: bool
    nesting: int
    inner: InnerReader

    def build(
        self,
        type_name: Any,
        raw: Mapping[str, Any],
        call: Call,
        path: Path,
        depth: int = 0,
        type_path: Path | None = None,
    ) -> Built:
        """The operation of a layer whose parameters stand at `path`.

        Raises:
            InvalidDocument: with every fault, at its path from the top of the document.
        """
        layer_type = self.vocabulary.find(type_name) if isinstance(type_name, str) else None
        if layer_type is None:
            if self.unknown_as_identity and isinstance(type_name, str):
                return Built(_unknown_identity(type_name))
            where = (*path, "type") if type_path is None else type_path
            raise InvalidDocument([Fault(where, self._unknown(type_name))])
        if depth > self.nesting:
            raise InvalidDocument([Fault(path, f"layers nest more than {self.nesting} deep")])
        text = _remembered_text(layer_type, raw)
        if text is None:
            return self._validated(layer_type, raw, call, path, depth)
        key = (layer_type.source, layer_type.name, text)
        known = LAYERS.get(key)
        return known or LAYERS.keep(key, self._validated(layer_type, raw, call, path, depth))

    def _validated(
        self, layer_type: LayerType, raw: Mapping[str, Any], call: Call, path: Path, depth: int
    ) -> Built:
        if layer_type.holds_layers:
            raw = self._with_inner_layers(layer_type, raw, path, depth)
        try:
            values = layer_type.load(raw)
            operation = layer_type.operation(values, call)
        except InvalidParameters as error:
            raise InvalidDocument(fault.below(*path) for fault in error.faults) from None
        return Built(operation, values, layer_type.names)

    def inner_layer(
        self, type_name: Any, name: str | None, raw: Mapping[str, Any], path: Path, depth: int
    ) -> InnerLayer:
        """A layer inside a layer, as its wrapper gets to see it."""
        built = self.build(type_name, raw, single(), path, depth)
        return InnerLayer(type_name, name or str(type_name), built.operation, built.values)

    def _with_inner_layers(
        self, layer_type: LayerType, raw: Mapping[str, Any], path: Path, depth: int
    ) -> Mapping[str, Any]:
        return {
            **raw,
            **{
                name: self._built(parameter, raw[name], (*path, name), depth + 1)
                for name, parameter in layer_type.parameters.items()
                if name in raw
            },
        }

    def _built(self, parameter: Parameter[Any], value: Any, path: Path, depth: int) -> Any:
        """The value, with layers built where the parameter takes them."""
        kinds = parameter.kinds if isinstance(parameter, Either) else (parameter,)
        if isinstance(value, Mapping) and any(isinstance(kind, Layer) for kind in kinds):
            return self.inner(value, path, depth)
        if isinstance(value, list) and any(isinstance(kind, Layers) for kind in kinds):
            return [self.inner(item, (*path, i), depth) for i, item in enumerate(value)]
        return value

    def _unknown(self, type_name: Any) -> str:
        if not isinstance(type_name, str):
            return f"needs the name of a layer type, got {quote(type_name)}"
        near = self.vocabulary.nearest(type_name)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        return f"{quote(type_name)} is not a layer type of {self.vocabulary.framework}{hint}"


def _remembered_text(layer_type: LayerType, raw: Mapping[str, Any]) -> bytes | None:
    """The parameters as JSON, if the layer follows from them alone and they are not long."""
    if layer_type.holds_layers or layer_type.wants_call:
        return None
    text = text_of(raw)
    return text if text is not None and len(text) <= LONGEST_TEXT else None


def _unknown_identity(type_name: str) -> Operation:
    message = f"`{type_name}` is not known; it is taken to keep the shape and to have no weights"
    return Elementwise(notes=(Note("unknown_layer", message),))
