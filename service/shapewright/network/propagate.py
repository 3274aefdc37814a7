"""A network to its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapewright.network.explanation import explain
from shapewright.network.fields import Seen, fields_of, of_input
from shapewright.network.network import Network
from shapewright.network.receptive_field import receptive_field, working_axes
from shapewright.network.report import Entry, Report, ShapesDoNotFit, Tensor
from shapewright.network.totals import totals_of
from shapewright.network.visibility import visibility
from shapewright.network.walk import Trace, walk
from shapewright.operations.base import Outcome


def infer(network: Network) -> Report:
    """The report of a network.

    Raises:
        ShapesDoNotFit: with every fault that can be found, and the report of the rest.
    """
    trace = walk(network)
    report = Report(
        framework=network.framework,
        source=network.source,
        inputs=tuple(Tensor(tensor.name, tensor.shape) for tensor in network.inputs),
        outputs=_outputs(network, trace),
        totals=totals_of(network, trace),
        layers=_layers(network, trace),
    )
    if trace.faults:
        raise ShapesDoNotFit(trace.faults, report)
    return report


def _outputs(network: Network, trace: Trace) -> tuple[Tensor, ...]:
    own = len(network.inputs)
    tensors = []
    for ref in network.outputs:
        outcome = trace.outcomes[ref.producer - own] if ref.producer >= own else None
        if ref.producer < own:
            tensors.append(Tensor(network.name_of(ref), network.inputs[ref.producer].shape))
        elif outcome is not None and ref.output < len(outcome.outputs):
            tensors.append(Tensor(network.name_of(ref), outcome.outputs[ref.output]))
    return tuple(tensors)


def _layers(network: Network, trace: Trace) -> tuple[Entry, ...]:
    ranks = [len(tensor.shape) for tensor in network.inputs]
    seen = fields_of(network, trace, [of_input(*item) for item in enumerate(ranks)])
    scope = _Scope(
        names=tuple(tensor.name for tensor in network.inputs),
        axes=working_axes(seen.everything(), ranks),
    )
    return scope.entries(network, trace, seen)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The outermost network's inputs, in whose terms every receptive field is told."""

    names: Sequence[str]
    axes: Sequence[Sequence[int]]

    def entries(self, network: Network, trace: Trace, seen: Seen) -> tuple[Entry, ...]:
        """One entry for each node that could be inferred."""
        called: set[int] = set()
        entries = []
        for index, outcome in enumerate(trace.outcomes):
            if outcome is not None:
                again = network.nodes[index].layer in called
                entries.append(self._entry(network, trace, seen, index, outcome, again))
            called.add(network.nodes[index].layer)
        return tuple(entries)

    def _entry(
        self, network: Network, trace: Trace, seen: Seen, index: int, outcome: Outcome, again: bool
    ) -> Entry:
        node = network.nodes[index]
        fields = seen.tensors[len(network.inputs) + index]
        inside, window = outcome.inside, outcome.window
        seen_by_windows = None if window is None else visibility(outcome, window)
        return Entry(
            index=index,
            name=node.name,
            type=node.type,
            inputs=tuple(map(network.name_of, node.inputs)),
            input_shapes=trace.fed[index],
            output_shapes=outcome.outputs,
            weights=outcome.weights,
            macs=outcome.macs,
            counted=not again,
            window=window,
            visibility=seen_by_windows,
            receptive_field=receptive_field(fields[0], self.names, self.axes, outcome.outputs[0]),
            explanation=explain(outcome, trace.fed[index], seen_by_windows),
            notes=outcome.notes,
            layers=()
            if inside is None
            else self.entries(inside.network, inside.trace, seen.inside[index]),
        )
