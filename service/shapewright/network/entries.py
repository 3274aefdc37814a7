"""What the report says of each node: one entry for each that could be inferred."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar

from shapewright.network.analysis import Analysis
from shapewright.network.network import Network, Ref, named
from shapewright.network.notes import notes_on_branches
from shapewright.network.passing import disagreements
from shapewright.network.report import Entries
from shapewright.network.seen import Seen
from shapewright.network.step import Step
from shapewright.network.told import tell_all
from shapewright.network.visibility import Allowance
from shapewright.network.walk import Trace
from shapewright.operations.base import Note

T = TypeVar("T")


def entries_of(analysis: Analysis) -> Entries:
    """The entries of a network and, inside them, of the networks it holds."""
    return _Teller(analysis).entries(analysis.network, analysis.trace, analysis.seen)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of a network and of those inside it in terms of the whole, within one allowance."""

    whole: Analysis
    allowance: Allowance = field(default_factory=Allowance)

    def entries(self, network: Network, trace: Trace, seen: Seen) -> Entries:
        """One entry for each node that could be inferred."""
        own = len(network.inputs)
        producers = [*(item.name for item in network.inputs), *network.names]
        indices: Sequence[int] = range(len(network))
        steps = [step for step in trace.steps if step is not None]
        if len(steps) < len(indices):
            indices = [index for index in indices if trace.steps[index] is not None]
        reads = _picked(network.reads, indices)
        return Entries(
            producers=producers,
            own=own,
            indices=indices,
            layers=_picked(network.layers, indices),
            reads=reads,
            told=tell_all(steps, self.allowance),
            fields=[outputs[0] for outputs in seen.tensors[own:] if outputs],
            sources=self.whole.sources,
            again=_again(network.numbers),
            further_notes={
                index: notes
                for index, step, refs in zip(indices, steps, reads, strict=True)
                if len(refs) > 1 and (notes := self._on_branches(step, refs, seen, producers))
            },
            inside={
                index: self._inside(step, seen.inside[index])
                for index, step in zip(indices, steps, strict=True)
                if index in seen.inside
            },
        )

    def _inside(self, step: Step, seen: Seen) -> Entries:
        held = step.outcome.inside
        return self.entries(held.network, held.trace, seen)

    def _on_branches(
        self, step: Step, reads: Sequence[Ref], seen: Seen, producers: Sequence[str]
    ) -> tuple[Note, ...]:
        """Notes on branches that meet without being aligned."""
        found = disagreements([seen.of(ref) for ref in reads], step)
        names = self.whole.sources.names
        return tuple(notes_on_branches(found, named(producers, reads), names)) if found else ()


def _picked(column: Sequence[T], indices: Sequence[int]) -> Sequence[T]:
    return column if len(column) == len(indices) else [column[index] for index in indices]


def _again(numbers: Sequence[int]) -> Set[int]:
    """The indices of nodes whose layer was called before."""
    if len(set(numbers)) == len(numbers):
        return frozenset()
    first: dict[int, int] = {}
    calls = enumerate(numbers)
    return {index for index, number in calls if first.setdefault(number, index) < index}
