"""What the report says of each node: one entry for each that could be inferred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shapewright.network.analysis import Analysis
from shapewright.network.explanation import explain
from shapewright.network.fields import Seen, disagreements
from shapewright.network.network import Network
from shapewright.network.notes import notes_on_branches, notes_on_window
from shapewright.network.receptive_field import receptive_field
from shapewright.network.report import Entry
from shapewright.network.step import Step
from shapewright.network.visibility import Allowance, Visibility, visibility
from shapewright.network.walk import Trace
from shapewright.operations.base import Note, Outcome


def entries_of(analysis: Analysis) -> tuple[Entry, ...]:
    """The entries of a network and, inside them, of the networks it holds."""
    whole = _Part(analysis.network, analysis.trace, analysis.seen)
    return _Teller(analysis).entries(whole)


@dataclass(frozen=True, slots=True)
class _Part:
    """The whole network, or one that a node of it holds."""

    network: Network
    trace: Trace
    seen: Seen


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells of all parts in terms of the whole network, within one allowance."""

    whole: Analysis
    allowance: Allowance = field(default_factory=Allowance)

    def entries(self, part: _Part) -> tuple[Entry, ...]:
        called: set[int] = set()
        entries = []
        for index, step in enumerate(part.trace.steps):
            number = part.network.numbers[index]
            if step is not None:
                entries.append(self._entry(part, index, step, number in called))
            called.add(number)
        return tuple(entries)

    def _entry(self, part: _Part, index: int, step: Step, again: bool) -> Entry:
        node, fed, outcome = part.network.node(index), step.fed, step.outcome
        fields = part.seen.tensors[len(part.network.inputs) + index][0]
        window, shape, whole = outcome.window, outcome.outputs[0], self.whole
        view = None if window is None else visibility(outcome, window, self.allowance)
        return Entry(
            index=index,
            name=node.name,
            type=node.type,
            inputs=tuple(map(part.network.name_of, node.reads)),
            input_shapes=fed,
            output_shapes=outcome.outputs,
            weights=outcome.weights,
            macs=outcome.macs,
            counted=not again,
            window=window,
            visibility=view,
            receptive_field=receptive_field(fields, whole.names, whole.axes, shape),
            explanation=explain(outcome, fed, view),
            notes=tuple(self._notes(part, index, outcome, view)),
            layers=self._inside(part, index, outcome),
        )

    def _inside(self, part: _Part, index: int, outcome: Outcome) -> tuple[Entry, ...]:
        held = outcome.inside
        if held is None:
            return ()
        return self.entries(_Part(held.network, held.trace, part.seen.inside[index]))

    def _notes(
        self, part: _Part, index: int, outcome: Outcome, view: Visibility | None
    ) -> Iterator[Note]:
        yield from outcome.notes
        if outcome.window is not None and view is not None:
            yield from notes_on_window(outcome.window, view)
        read = part.network.reads[index]
        if len(read) > 1:
            found = disagreements([part.seen.of(ref) for ref in read], outcome.links)
            yield from notes_on_branches(
                found, [part.network.name_of(ref) for ref in read], self.whole.names
            )
