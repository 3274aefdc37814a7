"""The layers of a stack one by one: what each is and what it reads, before names are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice, repeat
from typing import Any, Final

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.keras_json import read_inner
from shapewright.formats.layer import Built, LayerReader
from shapewright.formats.options import Limits, Options
from shapewright.formats.shapes import read_shape
from shapewright.formats.texts import Texts, parsed, text_of
from shapewright.memo import Memo
from shapewright.network.network import Layer
from shapewright.operations.identity import Declared
from shapewright.paths import Path
from shapewright.record import entity, record
from shapewright.vocabularies.call import Call, Slot, single
from shapewright.vocabularies.errors import MOST_FAULTS, Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import InnerLayer, is_integer, quote

PLACE_KEYS: Final = frozenset(("type", "name", "inputs", "call"))
"""What a layer has besides its parameters."""

LONGEST_NAME: Final = 256

LONGEST_TEXT: Final = 2048
"""How long the text of a layer is at most that is remembered."""

MOST_INPUTS: Final = 4096
"""How many tensors one layer may read."""


@record
class Reference:
    """What may be the name of a tensor, at a path below the layer."""

    value: Any
    path: Path


@entity
class Reading:
    """What a layer's text says by itself.

    `stem` is what a nameless layer's name is made of, `None` where its number is its name.
    `reads` is `None` for what stands before it. `layer` is `None` where there are faults, whose
    paths are from the layer on.
    """

    name: str | None
    stem: str | None
    reads: tuple[Reference, ...] | None
    layer: Layer | None
    faults: tuple[Fault, ...] = ()
    names: tuple[str, ...] = ()
    """Of what it reads, what may be names."""


READINGS: Final[Memo[tuple[StackLayers, bytes | None], Reading]] = Memo("texts")
"""Layers of stacks by their texts."""


class StackLayers:
    """Reads the layers of all stacks that have the same framework, data format and options."""

    def __init__(self, framework: str, data_format: str | None, options: Options) -> None:
        self.vocabulary = VOCABULARIES[framework]
        self.data_format = data_format
        self.options = options
        limits = options.limits
        self.layers = LayerReader(
            self.vocabulary, options.unknown_as_identity, limits.nesting, self._inner
        )

    def read_all(self, entries: Sequence[Any], inputs: int) -> list[Reading]:
        """The layers of texts or of parsed JSON; by default the first reads all `inputs`.

        It ends with the layer that makes the faults `MOST_FAULTS` or more.

        Raises:
            BadCut: a text is no layer.
        """
        texts: Sequence[bytes | None] = (
            entries if isinstance(entries, Texts) else list(map(text_of, entries))
        )
        known = READINGS.get_all(zip(repeat(self), texts)) if inputs == 1 else None
        if known is not None:
            return known
        readings: list[Reading] = []
        faults = 0
        for entry, text in zip(entries, texts, strict=True):
            alone = inputs == 1 or readings
            reading = self._kept(entry, text) if alone else self._read(entry, inputs)
            readings.append(reading)
            faults += len(reading.faults)
            if faults >= MOST_FAULTS:
                break
        return readings

    def _kept(self, entry: Any, text: bytes | None) -> Reading:
        if text is None or len(text) > LONGEST_TEXT:
            return self._read(entry)
        key = (self, text)
        return READINGS.get(key) or READINGS.keep(key, self._read(entry))

    def _read(self, entry: Any, before: int = 1) -> Reading:
        layer = parsed(entry) if isinstance(entry, bytes) else entry
        if not isinstance(layer, dict):
            fault = Fault((), f"a layer is an object with a `type`, got {quote(layer)}")
            return Reading(None, None, None, None, (fault,))
        faults: list[Fault] = []
        name = _name(layer.get("name"), faults)
        reads: list[Reference] | None = None
        tree = None
        if layer.get("inputs") is not None:
            reads = []
            tree = _tree(layer["inputs"], ("inputs",), reads)
            if len(reads) > MOST_INPUTS:
                detail = f"a layer reads at most {MOST_INPUTS} tensors, this one more"
                faults.append(Fault(reads[MOST_INPUTS].path, detail))
        named = [read.value for read in reads or () if isinstance(read.value, str)]
        built = self._built(layer, tree, before, faults)
        return Reading(
            name=name,
            stem=self.vocabulary.stem_of(str(layer.get("type", "layer"))),
            reads=None if reads is None else tuple(reads[:MOST_INPUTS]),
            layer=None if faults else built,
            faults=tuple(faults),
            names=tuple(named[:MOST_INPUTS]),
        )

    def _built(
        self, layer: Mapping[str, Any], tree: Any, before: int, faults: list[Fault]
    ) -> Layer | None:
        constants = layer.get("call", {})
        if not isinstance(constants, dict):
            detail = f"`call` maps argument names to values, got {quote(constants)}"
            faults.append(Fault(("call",), detail))
            constants = {}
        call = self._signature(layer.get("type"), tree, constants, before)
        try:
            built = self._build(layer, call)
        except InvalidDocument as error:
            faults.extend(error.faults)
            return None
        return Layer(str(layer["type"]), built.operation, built.spelling)

    def _signature(
        self, type_name: Any, tree: Any, constants: Mapping[str, Any], before: int
    ) -> Call:
        """A list of tensors is one argument, or one each where the layer type has several.

        A list of one is a tensor like any other, unless the layer type wants a list.
        """
        if tree is None and not constants:
            return single(before)
        if isinstance(tree, dict):
            return Call((), {**tree, **constants})
        if tree is None:
            tree = single(before).positional[0]
        if not isinstance(tree, tuple):
            return Call((tree,), constants)
        layer_type = self.vocabulary.find(type_name) if isinstance(type_name, str) else None
        if layer_type is not None and layer_type.arguments:
            return Call(tree, constants)
        wants_list = layer_type is not None and layer_type.takes_list
        return Call((tree,) if len(tree) > 1 or wants_list else tree, constants)

    def _build(self, layer: Mapping[str, Any], call: Call) -> Built:
        raw = {key: value for key, value in layer.items() if key not in PLACE_KEYS}
        if "type" not in layer:
            raise InvalidDocument([Fault(("type",), "a layer needs a `type`")])
        if layer["type"] == "Custom":
            return Built(self._declared(raw))
        return self.layers.build(layer["type"], self._with_data_format(layer, raw), call, ())

    def _with_data_format(self, layer: Mapping[str, Any], raw: dict[str, Any]) -> Mapping[str, Any]:
        """The stack's `data_format` holds for each layer that has one and does not give it."""
        if self.data_format is None:
            return raw
        layer_type = self.vocabulary.find(str(layer["type"]))
        if layer_type is None or "data_format" not in layer_type.parameters:
            return raw
        return {"data_format": self.data_format, **raw}

    def _declared(self, raw: Mapping[str, Any]) -> Declared:
        faults = [
            Fault((key,), f"Custom has no `{key}`; it has output_shape and params")
            for key in islice(raw.keys() - {"output_shape", "params"}, MOST_FAULTS)
        ]
        params = raw.get("params", 0)
        if not is_integer(params) or not 0 <= params <= 2**53 - 1:
            faults.append(Fault(("params",), f"a count of parameters, got {quote(params)}"))
        limits = self.options.limits
        shape = read_shape(raw.get("output_shape"), ("output_shape",), limits, faults)
        if faults:
            raise InvalidDocument(faults)
        return Declared(shape, params)

    def _inner(self, value: Any, path: Path, depth: int) -> InnerLayer:
        """A layer inside a layer: the stack's own way of writing one, or Keras's."""
        if not isinstance(value, Mapping):
            raise InvalidDocument([Fault(path, f"needs a layer, got {quote(value)}")])
        if "class_name" in value:
            return read_inner(value, path, depth, self.options)
        raw = {key: item for key, item in value.items() if key not in PLACE_KEYS}
        name = value.get("name")
        stem = self.vocabulary.stem_of(str(value.get("type"))) or "0"
        named = name if isinstance(name, str) else stem
        return self.layers.inner_layer(value.get("type"), named, raw, path, depth)


@lru_cache(64)
def stack_layers(
    framework: str, data_format: str | None, unknown_as_identity: bool, limits: Limits
) -> StackLayers:
    """The reader of all stacks of this kind."""
    options = Options(unknown_as_identity=unknown_as_identity, limits=limits)
    return StackLayers(framework, data_format, options)


def _name(value: Any, faults: list[Fault]) -> str | None:
    if value is None or (isinstance(value, str) and 0 < len(value) <= LONGEST_NAME):
        return value
    faults.append(Fault(("name",), f"a name is a string, got {quote(value)}"))
    return None


def _tree(value: Any, path: Path, reads: list[Reference]) -> Any:
    """A layer's `inputs` as call arguments: a name, a list of names, or a map to either.

    What is read is added to `reads`; the tree has slots that count them.
    """
    if isinstance(value, list):
        return tuple(_tree(item, (*path, i), reads) for i, item in enumerate(value))
    if isinstance(value, dict):
        return {key: _tree(item, (*path, key), reads) for key, item in value.items()}
    reads.append(Reference(value, path))
    return Slot(len(reads) - 1)
