"""What the report says of each node: one entry for each that could be inferred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shapewright.network.analysis import Analysis
from shapewright.network.fields import Seen, disagreements
from shapewright.network.network import Network, Ref
from shapewright.network.notes import notes_on_branches
from shapewright.network.report import Entry
from shapewright.network.step import Step
from shapewright.network.told import tell
from shapewright.network.visibility import Allowance
from shapewright.network.walk import Trace
from shapewright.operations.base import Note


def entries_of(analysis: Analysis) -> tuple[Entry, ...]:
    """The entries of a network and, inside them, of the networks it holds."""
    whole = _Part.of(analysis.network, analysis.trace, analysis.seen)
    return _Teller(analysis).entries(whole)


@dataclass(frozen=True, slots=True)
class _Part:
    """The whole network, or one that a node of it holds."""

    network: Network
    trace: Trace
    seen: Seen
    names: Sequence[str]
    """Of its producers: its inputs, then its nodes."""

    @classmethod
    def of(cls, network: Network, trace: Trace, seen: Seen) -> _Part:
        """A part with the names that it needs often."""
        return cls(network, trace, seen, [*(item.name for item in network.inputs), *network.names])

    def named(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        """How a report names tensors, as `Network.name_of` does."""
        return tuple(
            [f"{self.names[p]}:{output}" if output else self.names[p] for p, output in refs]
        )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of all parts in terms of the whole network, within one allowance."""

    whole: Analysis
    allowance: Allowance = field(default_factory=Allowance)

    def entries(self, part: _Part) -> tuple[Entry, ...]:
        called: set[int] = set()
        entries = []
        for index, (number, step) in enumerate(
            zip(part.network.numbers, part.trace.steps, strict=True)
        ):
            if step is not None:
                entries.append(self._entry(part, index, step, number in called))
            called.add(number)
        return tuple(entries)

    def _entry(self, part: _Part, index: int, step: Step, again: bool) -> Entry:
        reads = part.network.reads[index]
        producer = len(part.network.inputs) + index
        return Entry(
            index,
            part.names[producer],
            part.network.layers[index].type,
            part.named(reads),
            tell(step, self.allowance),
            part.seen.tensors[producer][0],
            self.whole.sources,
            not again,
            tuple(self._branches(part, reads, step)) if len(reads) > 1 else (),
            () if step.outcome.inside is None else self._inside(part, index, step),
        )

    def _inside(self, part: _Part, index: int, step: Step) -> tuple[Entry, ...]:
        held = step.outcome.inside
        return self.entries(_Part.of(held.network, held.trace, part.seen.inside[index]))

    def _branches(self, part: _Part, reads: Sequence[Ref], step: Step) -> Iterator[Note]:
        """Notes on branches that meet without being aligned."""
        found = disagreements([part.seen.of(ref) for ref in reads], step.outcome.links)
        return notes_on_branches(found, part.named(reads), self.whole.sources.names)
