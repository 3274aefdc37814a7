"""The native form: a stack of layers, or a graph of them by `inputs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from shapewright.arithmetic.dimension import Shape
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import PendingCall, PendingInput, Source, assemble
from shapewright.formats.inputs import overrides
from shapewright.formats.keras_json import read_inner
from shapewright.formats.layer import Built, LayerReader
from shapewright.formats.options import Options
from shapewright.formats.shapes import read_shape
from shapewright.formats.stack_names import Entry, Names
from shapewright.network.network import Input, Network
from shapewright.operations.identity import Declared
from shapewright.paths import Path
from shapewright.vocabularies.call import Call, Slot
from shapewright.vocabularies.errors import MOST_FAULTS, Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import InnerLayer, is_integer, quote

ENVELOPE: Final = frozenset(
    ("id", "name", "framework", "data_format", "input_shape", "inputs", "layers", "outputs")
)
"""What may stand at the top of a stack."""

DATA_FORMATS: Final = ("channels_last", "channels_first")

PLACE_KEYS: Final = frozenset(("type", "name", "inputs", "call"))
"""What a layer has besides its parameters."""


def read_stack(document: Mapping[str, Any], options: Options) -> Network:
    """The network that a stack describes.

    Raises:
        InvalidDocument: with all faults of the document.
    """
    return _StackReader(document, options).read()


class _StackReader:
    """One pass over a stack; faults gather until the end."""

    def __init__(self, document: Mapping[str, Any], options: Options) -> None:
        self.document = document
        self.options = options
        self.faults: list[Fault] = []
        framework = document.get("framework", "keras")
        if not isinstance(framework, str) or framework not in VOCABULARIES:
            known = ", ".join(map(repr, VOCABULARIES))
            detail = f"`framework` is one of {known}, got {quote(framework)}"
            raise InvalidDocument([Fault(("framework",), detail)])
        self.framework = framework
        self.vocabulary = VOCABULARIES[framework]
        self.layers = LayerReader(
            self.vocabulary, options.unknown_as_identity, options.limits.nesting, self._inner
        )

    def read(self) -> Network:
        for key in islice(self.document.keys() - ENVELOPE, MOST_FAULTS):
            self._fault(
                (key,), f"a stack has no {quote(key)}; it has {', '.join(sorted(ENVELOPE))}"
            )
        wanted = self.document.get("data_format")
        if wanted is not None and wanted not in DATA_FORMATS:
            detail = f"`data_format` is one of {', '.join(DATA_FORMATS)}, got {quote(wanted)}"
            raise InvalidDocument([*self.faults, Fault(("data_format",), detail)])
        entries = self._entries()
        inputs = self._inputs()
        names = Names({pending.input.name: pending.key for pending in inputs}, self.faults)
        named = list(zip(names.give(entries, self.vocabulary), entries, strict=True))
        calls = list(self._calls(named, names, [(pending.key, 0) for pending in inputs]))
        outputs = self._outputs(names)
        if self.faults:
            raise InvalidDocument(self.faults)
        return assemble(self.framework, "stack", inputs, calls, outputs)

    def _fault(self, path: Path, detail: str) -> None:
        self.faults.append(Fault(path, detail))

    # ---- the envelope ----------------------------------------------------------------------------

    def _entries(self) -> list[Entry]:
        layers = self.document.get("layers")
        if not isinstance(layers, list):
            raise InvalidDocument(
                [Fault(("layers",), f"`layers` is a list of layers, got {quote(layers)}")]
            )
        if len(layers) > self.options.limits.layers:
            detail = f"at most {self.options.limits.layers} layers, got {len(layers)}"
            raise InvalidDocument([Fault(("layers",), detail)])
        bad = [
            Fault(("layers", index), f"a layer is an object with a `type`, got {quote(entry)}")
            for index, entry in enumerate(layers)
            if not isinstance(entry, dict)
        ]
        if bad:
            raise InvalidDocument(bad)
        return layers

    def _inputs(self) -> list[PendingInput]:
        given = self.document.get("inputs")
        shapes: dict[str, tuple[Any, Path]]
        if given is not None and "input_shape" in self.document:
            self._fault(("inputs",), "give `input_shape` or `inputs`, not both")
        if given is None:
            shapes = {"input": (self.document.get("input_shape"), ("input_shape",))}
        elif isinstance(given, dict) and given:
            shapes = {name: (value, ("inputs", name)) for name, value in given.items()}
        else:
            self._fault(("inputs",), f"`inputs` maps names to shapes, got {quote(given)}")
            shapes = {}
        try:
            given_shapes = overrides(list(shapes), self.options) if shapes else {}
        except InvalidDocument as error:
            self.faults.extend(error.faults)
            given_shapes = {}
        return [
            self._input(name, value, path, given_shapes.get(name))
            for name, (value, path) in shapes.items()
        ]

    def _input(self, name: str, value: Any, path: Path, shape: Shape | None) -> PendingInput:
        if shape is None:
            least = self.vocabulary.least_rank
            shape = read_shape(value, path, self.options.limits, self.faults, least)
        return PendingInput(("input", name), Input(name, shape))

    def _outputs(self, names: Names) -> list[Source] | None:
        outputs = self.document.get("outputs")
        if outputs is None:
            return None
        if not isinstance(outputs, list) or not outputs:
            self._fault(("outputs",), f"`outputs` is a list of layer names, got {quote(outputs)}")
            return None
        sources = [names.source(name, ("outputs", i)) for i, name in enumerate(outputs)]
        return [source for source in sources if source is not None]

    # ---- layers ----------------------------------------------------------------------------------

    def _calls(
        self, named: list[tuple[str, Entry]], names: Names, before: list[Source]
    ) -> Iterator[PendingCall]:
        """Every layer that is good; `before` is what the first one reads."""
        for index, (name, entry) in enumerate(named):
            if len(self.faults) >= MOST_FAULTS:
                return
            call = self._call(index, name, entry, names, before)
            if call is not None:
                yield call
            before = [(("layer", index), 0)]

    def _call(
        self,
        index: int,
        name: str,
        entry: Entry,
        names: Names,
        before: list[Source],
    ) -> PendingCall | None:
        path: Path = ("layers", index)
        found = len(self.faults)
        sources: list[Source] = []
        if entry.get("inputs") is None:
            sources, tree = before, None
        else:
            tree = names.tree(entry["inputs"], (*path, "inputs"), sources)
        constants = entry.get("call", {})
        if not isinstance(constants, dict):
            self._fault(
                (*path, "call"), f"`call` maps argument names to values, got {quote(constants)}"
            )
            constants = {}
        call = self._signature(entry.get("type"), tree, constants, len(sources))
        try:
            built = self._build(entry, call, path)
        except InvalidDocument as error:
            self.faults.extend(error.faults)
            return None
        if len(self.faults) > found:
            return None
        return PendingCall(
            key=("layer", index),
            name=name,
            type=str(entry["type"]),
            operation=built.operation,
            sources=tuple(sources),
            layer=index,
            path=path,
            spelling=built.spelling,
        )

    def _signature(
        self, type_name: Any, tree: Any, constants: Mapping[str, Any], count: int
    ) -> Call:
        """A list of tensors is one argument, or one each where the layer type has several.

        A list of one is a tensor like any other, unless the layer type wants a list.
        """
        if isinstance(tree, dict):
            return Call((), {**tree, **constants})
        if tree is None:
            tree = Slot(0) if count == 1 else tuple(Slot(index) for index in range(count))
        if not isinstance(tree, tuple):
            return Call((tree,), constants)
        layer_type = self.vocabulary.find(type_name) if isinstance(type_name, str) else None
        if layer_type is not None and layer_type.arguments:
            return Call(tree, constants)
        wants_list = layer_type is not None and layer_type.takes_list
        return Call((tree,) if len(tree) > 1 or wants_list else tree, constants)

    def _build(self, entry: Entry, call: Call, path: Path) -> Built:
        raw = {key: value for key, value in entry.items() if key not in PLACE_KEYS}
        if "type" not in entry:
            raise InvalidDocument([Fault((*path, "type"), "a layer needs a `type`")])
        if entry["type"] == "Custom":
            return Built(self._declared(raw, path))
        return self.layers.build(entry["type"], self._with_data_format(entry, raw), call, path)

    def _with_data_format(self, entry: Entry, raw: dict[str, Any]) -> Mapping[str, Any]:
        """The stack's `data_format` holds for each layer that has one and does not give it."""
        wanted = self.document.get("data_format")
        layer_type = self.vocabulary.find(str(entry["type"]))
        if wanted is None or layer_type is None or "data_format" not in layer_type.parameters:
            return raw
        return {"data_format": wanted, **raw}

    def _declared(self, raw: Mapping[str, Any], path: Path) -> Declared:
        for key in islice(raw.keys() - {"output_shape", "params"}, MOST_FAULTS):
            self._fault((*path, key), f"Custom has no `{key}`; it has output_shape and params")
        params = raw.get("params", 0)
        if not is_integer(params) or not 0 <= params <= 2**53 - 1:
            self._fault((*path, "params"), f"a count of parameters, got {quote(params)}")
        shape_path = (*path, "output_shape")
        shape = read_shape(raw.get("output_shape"), shape_path, self.options.limits, self.faults)
        return Declared(shape, params)

    def _inner(self, value: Any, path: Path, depth: int) -> InnerLayer:
        """A layer inside a layer: the stack's own way of writing one, or Keras's."""
        if not isinstance(value, Mapping):
            raise InvalidDocument([Fault(path, f"needs a layer, got {quote(value)}")])
        if "class_name" in value:
            return read_inner(value, path, depth, self.options)
        raw = {key: item for key, item in value.items() if key not in PLACE_KEYS}
        name = value.get("name")
        stem = self.vocabulary.default_name(str(value.get("type")), 0)
        named = name if isinstance(name, str) else stem
        return self.layers.inner_layer(value.get("type"), named, raw, path, depth)
