"""What the report says of each node: one entry for each that could be inferred."""

from __future__ import annotations

from collections.abc import Iterator

from shapewright.network.analysis import Analysis
from shapewright.network.explanation import explain
from shapewright.network.fields import Seen, disagreements
from shapewright.network.network import Network, Node
from shapewright.network.notes import notes_on_branches, notes_on_window
from shapewright.network.receptive_field import receptive_field
from shapewright.network.report import Entry
from shapewright.network.visibility import Allowance, Visibility, visibility
from shapewright.network.walk import Trace
from shapewright.operations.base import Note, Outcome


def entries_of(
    network: Network,
    trace: Trace,
    seen: Seen,
    scope: Analysis,
    allowance: Allowance | None = None,
) -> tuple[Entry, ...]:
    """The entries of a network and, inside them, of the networks it holds.

    `scope` is the outermost network, in whose terms receptive fields are told; it and all that it
    holds share one `allowance`.
    """
    shared = allowance or Allowance()
    called: set[int] = set()
    entries = []
    for index, outcome in enumerate(trace.outcomes):
        layer = network.nodes[index].layer
        if outcome is not None:
            again = layer in called
            entries.append(_entry(network, trace, seen, scope, index, outcome, again, shared))
        called.add(layer)
    return tuple(entries)


def _entry(
    network: Network,
    trace: Trace,
    seen: Seen,
    scope: Analysis,
    index: int,
    outcome: Outcome,
    again: bool,
    allowance: Allowance,
) -> Entry:
    node, fed, inside = network.nodes[index], trace.fed[index], outcome.inside
    fields = seen.tensors[len(network.inputs) + index][0]
    view = None if outcome.window is None else visibility(outcome, outcome.window, allowance)
    return Entry(
        index=index,
        name=node.name,
        type=node.type,
        inputs=tuple(map(network.name_of, node.inputs)),
        input_shapes=fed,
        output_shapes=outcome.outputs,
        weights=outcome.weights,
        macs=outcome.macs,
        counted=not again,
        window=outcome.window,
        visibility=view,
        receptive_field=receptive_field(fields, scope.names, scope.axes, outcome.outputs[0]),
        explanation=explain(outcome, fed, view),
        notes=tuple(_notes(network, node, outcome, view, seen, scope)),
        layers=()
        if inside is None
        else entries_of(inside.network, inside.trace, seen.inside[index], scope, allowance),
    )


def _notes(
    network: Network,
    node: Node,
    outcome: Outcome,
    view: Visibility | None,
    seen: Seen,
    scope: Analysis,
) -> Iterator[Note]:
    yield from outcome.notes
    if outcome.window is not None and view is not None:
        yield from notes_on_window(outcome.window, view)
    if len(node.inputs) > 1:
        fed = [seen.of(ref) for ref in node.inputs]
        names = [network.name_of(ref) for ref in node.inputs]
        yield from notes_on_branches(disagreements(fed, outcome.links), names, scope.names)
