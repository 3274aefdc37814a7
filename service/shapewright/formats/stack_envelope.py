"""What stands around the layers of a stack: the framework, the inputs, the outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.inputs import overrides
from shapewright.formats.options import Limits, Options
from shapewright.formats.shapes import read_shape
from shapewright.formats.stack_layers import StackLayers, stack_layers
from shapewright.formats.texts import Texts
from shapewright.memo import Memo
from shapewright.network.network import Input
from shapewright.paths import Path
from shapewright.vocabularies.errors import MOST_FAULTS, Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import quote

KEYS: Final = frozenset(
    ("id", "name", "framework", "data_format", "input_shape", "inputs", "layers", "outputs")
)
"""What may stand at the top of a stack."""

DATA_FORMATS: Final = ("channels_last", "channels_first")

LONGEST_TEXT: Final = 1024
"""How long an envelope is at most that is remembered."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What reads the layers of a stack, its inputs, and what is wrong so far."""

    framework: str
    layers: StackLayers
    inputs: tuple[Input, ...]
    faults: tuple[Fault, ...]


ENVELOPES: Final[Memo[tuple[bytes, bool, Limits], Envelope]] = Memo("envelopes")
"""Envelopes without faults, by the text around the layers."""


def read_envelope(document: Mapping[str, Any], options: Options) -> Envelope:
    """The envelope of a stack; asked again, memory answers.

    Raises:
        InvalidDocument: nobody can tell how to read the layers.
    """
    layers = document.get("layers")
    if not isinstance(layers, Texts) or options.input_shapes or len(layers.rest) > LONGEST_TEXT:
        return _EnvelopeReader(document, options).read()
    key = (layers.rest, options.unknown_as_identity, options.limits)
    known = ENVELOPES.get(key)
    if known is None:
        known = _EnvelopeReader(document, options).read()
        if not known.faults:
            ENVELOPES.keep(key, known)
    return known


class _EnvelopeReader:
    """One pass over an envelope; faults gather."""

    def __init__(self, document: Mapping[str, Any], options: Options) -> None:
        self.document = document
        self.options = options
        self.faults: list[Fault] = []

    def read(self) -> Envelope:
        framework = self._framework()
        layers = self._layers_of(framework)
        inputs = self._inputs(VOCABULARIES[framework].least_rank)
        return Envelope(framework, layers, tuple(inputs), tuple(self.faults))

    def _fault(self, path: Path, detail: str) -> None:
        self.faults.append(Fault(path, detail))

    def _framework(self) -> str:
        framework = self.document.get("framework", "keras")
        if not isinstance(framework, str) or framework not in VOCABULARIES:
            known = ", ".join(map(repr, VOCABULARIES))
            detail = f"`framework` is one of {known}, got {quote(framework)}"
            raise InvalidDocument([Fault(("framework",), detail)])
        return framework

    def _layers_of(self, framework: str) -> StackLayers:
        """What reads the layers of this stack."""
        for key in islice(self.document.keys() - KEYS, MOST_FAULTS):
            self._fault((key,), f"a stack has no {quote(key)}; it has {', '.join(sorted(KEYS))}")
        wanted = self.document.get("data_format")
        if wanted is not None and wanted not in DATA_FORMATS:
            detail = f"`data_format` is one of {', '.join(DATA_FORMATS)}, got {quote(wanted)}"
            raise InvalidDocument([*self.faults, Fault(("data_format",), detail)])
        options = self.options
        return stack_layers(framework, wanted, options.unknown_as_identity, options.limits)

    def _inputs(self, least_rank: int) -> list[Input]:
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
            wanted = overrides(list(shapes), self.options) if shapes else {}
        except InvalidDocument as error:
            self.faults.extend(error.faults)
            wanted = {}
        limits = self.options.limits
        return [
            Input(name, wanted[name])
            if name in wanted
            else Input(name, read_shape(value, path, limits, self.faults, least_rank))
            for name, (value, path) in shapes.items()
        ]
