"""The native form: a stack of layers, or a graph of them by `inputs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from shapewright.formats.errors import InvalidDocument
from shapewright.formats.graph import alone, in_order
from shapewright.formats.options import Options
from shapewright.formats.stack_envelope import read_envelope
from shapewright.formats.stack_layers import Reading, Reference
from shapewright.formats.stack_names import Names
from shapewright.network.network import Network, Ref, last_reads
from shapewright.paths import Path
from shapewright.vocabularies.errors import MOST_FAULTS, Fault
from shapewright.vocabularies.parameters import quote


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
        envelope = read_envelope(self.document, self.options)
        self.faults.extend(envelope.faults)
        own = len(envelope.inputs)
        readings = envelope.layers.read_all(self._entries(), own)
        layers = [reading.layer for reading in readings]
        wrong = [] if all(layers) else list(islice(_faults(readings), MOST_FAULTS))
        if len(wrong) == MOST_FAULTS:
            raise InvalidDocument([*self.faults, *wrong])
        names = Names([item.name for item in envelope.inputs], readings, self.faults)
        reads, ordered = self._reads(readings, names, own)
        outputs = self._outputs(names)
        self.faults.extend(wrong)
        if self.faults:
            raise InvalidDocument(self.faults)
        last = last_reads(reads, own)
        network = Network(
            framework=envelope.framework,
            source="stack",
            inputs=envelope.inputs,
            layers=[layer for layer in layers if layer],
            reads=reads,
            last_reads=last,
            outputs=outputs or _unread(last, own, len(readings)),
            names=names,
            numbers=range(len(readings)),
            paths=[("layers", index) for index in range(len(readings))],
        )
        return network if ordered else in_order(network)

    def _fault(self, path: Path, detail: str) -> None:
        self.faults.append(Fault(path, detail))

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

    def _reads(
        self, readings: Sequence[Reading], names: Names, inputs: int
    ) -> tuple[list[tuple[Ref, ...]], bool]:
        """What each layer reads, by default the one before; and whether all of it is before it."""
        count = len(readings)
        first = alone(inputs + count)
        reads: list[tuple[Ref, ...]] = list(first[inputs - 1 : inputs - 1 + count])
        reads[:1] = [tuple(map(Ref, range(inputs)))] if reads else []
        ordered = True
        for index, reading in enumerate(readings):
            if reading.reads is None:
                continue
            own = names.known(reading.names)
            if len(own) == 1 == len(reading.reads):
                reads[index] = first[own[0]]
            elif len(own) == len(reading.reads):
                reads[index] = tuple([first[producer][0] for producer in own])
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


def _unread(last: Mapping[int, int], inputs: int, layers: int) -> tuple[Ref, ...]:
    """What nobody reads; inputs only if there is nothing else."""
    producers = range(inputs if layers else 0, inputs + layers)
    return tuple(map(Ref, sorted(set(producers) - last.keys())))
