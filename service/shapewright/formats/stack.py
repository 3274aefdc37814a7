"""The native form: a stack of layers, or a graph of them by `inputs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import in_order
from shapewright.formats.inputs import overrides
from shapewright.formats.options import Options
from shapewright.formats.shapes import read_shape
from shapewright.formats.stack_layers import Reading, Reference, StackLayers, stack_layers
from shapewright.formats.stack_names import Names
from shapewright.network.network import Input, Network, Ref, last_reads
from shapewright.paths import Path
from shapewright.vocabularies.errors import MOST_FAULTS, Fault
from shapewright.vocabularies.frameworks import VOCABULARIES
from shapewright.vocabularies.parameters import quote

ENVELOPE: Final = frozenset(
    ("id", "name", "framework", "data_format", "input_shape", "inputs", "layers", "outputs")
)
"""What may stand at the top of a stack."""

DATA_FORMATS: Final = ("channels_last", "channels_first")


def read_stack(document: Mapping[str, Any], options: Options) -> Network:
    """The network that a stack describes; its layers are parsed JSON, or `Texts`.

    Raises:
        InvalidDocument: with all faults of the document.
        BadCut: the texts are no layers.
    """
    return _StackReader(document, options).read()


class _StackReader:
    """One pass over a stack; faults gather until the end."""

    def __init__(self, document: Mapping[str, Any], options: Options) -> None:
        self.document = document
        self.options = options
        self.faults: list[Fault] = []

    def read(self) -> Network:
        framework = self._framework()
        layers = self._layers_of(framework)
        entries = self._entries()
        inputs = self._inputs(VOCABULARIES[framework].least_rank)
        readings = layers.read_all(entries, len(inputs))
        wrong = list(islice(_faults(readings), MOST_FAULTS))
        if len(wrong) == MOST_FAULTS:
            raise InvalidDocument([*self.faults, *wrong])
        names = Names([item.name for item in inputs], readings, self.faults)
        reads, ordered = self._reads(readings, names, len(inputs))
        outputs = self._outputs(names)
        self.faults.extend(wrong)
        if self.faults:
            raise InvalidDocument(self.faults)
        uses = last_reads(reads, len(inputs))
        network = Network(
            framework=framework,
            source="stack",
            inputs=tuple(inputs),
            layers=[reading.layer for reading in readings if reading.layer],
            reads=reads,
            last_reads=uses,
            outputs=outputs or _unread(uses, len(inputs), len(readings)),
            names=names,
            numbers=range(len(readings)),
            paths=[("layers", index) for index in range(len(readings))],
        )
        return network if ordered else in_order(network)

    def _fault(self, path: Path, detail: str) -> None:
        self.faults.append(Fault(path, detail))

    # ---- the envelope ----------------------------------------------------------------------------

    def _framework(self) -> str:
        framework = self.document.get("framework", "keras")
        if not isinstance(framework, str) or framework not in VOCABULARIES:
            known = ", ".join(map(repr, VOCABULARIES))
            detail = f"`framework` is one of {known}, got {quote(framework)}"
            raise InvalidDocument([Fault(("framework",), detail)])
        return framework

    def _layers_of(self, framework: str) -> StackLayers:
        """What reads the layers of this stack."""
        for key in islice(self.document.keys() - ENVELOPE, MOST_FAULTS):
            self._fault(
                (key,), f"a stack has no {quote(key)}; it has {', '.join(sorted(ENVELOPE))}"
            )
        wanted = self.document.get("data_format")
        if wanted is not None and wanted not in DATA_FORMATS:
            detail = f"`data_format` is one of {', '.join(DATA_FORMATS)}, got {quote(wanted)}"
            raise InvalidDocument([*self.faults, Fault(("data_format",), detail)])
        options = self.options
        return stack_layers(framework, wanted, options.unknown_as_identity, options.limits)

    def _entries(self) -> list[Any]:
        layers = self.document.get("layers")
        if not isinstance(layers, list):
            raise InvalidDocument(
                [Fault(("layers",), f"`layers` is a list of layers, got {quote(layers)}")]
            )
        if len(layers) > self.options.limits.layers:
            detail = f"at most {self.options.limits.layers} layers, got {len(layers)}"
            raise InvalidDocument([Fault(("layers",), detail)])
        return layers

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

    def _outputs(self, names: Names) -> tuple[Ref, ...]:
        """The outputs that are asked for, if any are."""
        outputs = self.document.get("outputs")
        if outputs is None:
            return ()
        if not isinstance(outputs, list) or not outputs:
            self._fault(("outputs",), f"`outputs` is a list of layer names, got {quote(outputs)}")
            return ()
        refs = [names.ref(name, ("outputs", i)) for i, name in enumerate(outputs)]
        return tuple([ref for ref in refs if ref is not None])

    # ---- layers ----------------------------------------------------------------------------------

    def _reads(
        self, readings: Sequence[Reading], names: Names, inputs: int
    ) -> tuple[list[tuple[Ref, ...]], bool]:
        """What each layer reads, by default the one before; and whether all of it is before it."""
        count = len(readings)
        alone = _chain((inputs + count).bit_length())
        reads = alone[inputs - 1 : inputs - 1 + count]
        reads[:1] = [tuple(map(Ref, range(inputs)))] if reads else []
        ordered = True
        for index, reading in enumerate(readings):
            if reading.reads is None:
                continue
            own = names.known(reading.names)
            if len(own) == 1 == len(reading.reads):
                reads[index] = alone[own[0]]
            elif len(own) == len(reading.reads):
                reads[index] = tuple([alone[producer][0] for producer in own])
            else:
                reads[index] = self._looked_up(index, reading.reads, names)
                own = [ref.producer for ref in reads[index]]
            ordered = ordered and (not own or max(own) < inputs + index)
            if len(self.faults) >= MOST_FAULTS:
                break
        return reads, ordered

    def _looked_up(self, index: int, reads: Sequence[Reference], names: Names) -> tuple[Ref, ...]:
        refs = [names.ref(read.value, ("layers", index, *read.path)) for read in reads]
        return tuple([ref for ref in refs if ref is not None])


def _faults(readings: Sequence[Reading]) -> Iterator[Fault]:
    """The faults of layers, from the top of the document."""
    for index, reading in enumerate(readings):
        if reading.faults:
            yield from (fault.below("layers", index) for fault in reading.faults)


def _unread(uses: Mapping[int, int], inputs: int, layers: int) -> tuple[Ref, ...]:
    """What nobody reads; inputs only if there is nothing else."""
    producers = range(inputs if layers else 0, inputs + layers)
    return tuple([Ref(producer) for producer in producers if producer not in uses])


@lru_cache(16)
def _chain(bits: int) -> list[tuple[Ref, ...]]:
    """For each producer below `2**bits` the reference to it, as most layers read the one before."""
    return [(Ref(producer),) for producer in range(2**bits)]
