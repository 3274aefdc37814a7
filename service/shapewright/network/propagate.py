"""A network to its report."""

from __future__ import annotations

from shapewright.network.divergence import with_divergence
from shapewright.network.entries import Scope, entries_of
from shapewright.network.fields import fields_of, of_input
from shapewright.network.network import Network
from shapewright.network.receptive_field import working_axes
from shapewright.network.report import Entry, Report, ShapesDoNotFit, Tensor
from shapewright.network.totals import totals_of
from shapewright.network.walk import Trace, walk


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
        raise ShapesDoNotFit(with_divergence(network, trace), report)
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
    names = tuple(tensor.name for tensor in network.inputs)
    scope = Scope(names, working_axes(seen.everything(), ranks))
    return entries_of(network, trace, seen, scope)
