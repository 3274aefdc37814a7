"""Sums over a network: parameters, multiply-adds, elements, and how many are alive at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shapes, is_known
from shapewright.network.network import Network
from shapewright.network.report import Totals
from shapewright.network.walk import LARGEST_COUNT, Trace
from shapewright.operations.base import Weight, params_of, per_sample, prefixed, trainable_params_of


def totals_of(network: Network, trace: Trace) -> Totals:
    """Sums over all nodes; the parameters of a shared layer count once."""
    weights = weights_of(network, trace)
    params, trainable = params_of(weights), trainable_params_of(weights)
    given = [_elements((tensor.shape,)) for tensor in network.inputs]
    made = [_elements(outcome.outputs if outcome else ()) for outcome in trace.outcomes]
    return Totals(
        layers=sum(outcome is not None for outcome in trace.outcomes),
        params=_exact(params),
        trainable_params=_exact(trainable),
        non_trainable_params=_exact(params - trainable),
        macs=_exact(macs_of(trace)),
        activation_elements=_exact(_sum(made)),
        peak_activation_elements=_exact(peak_elements(network, [*given, *made])),
    )


def _exact(total: Dimension) -> Dimension:
    """The total, or unknown where a JSON reader could not keep it exact."""
    return UNKNOWN if is_known(total) and total > LARGEST_COUNT else total


def weights_of(network: Network, trace: Trace) -> tuple[Weight, ...]:
    """Every weight once, under its layer's name."""
    owners: dict[int, tuple[Weight, ...]] = {}
    for node, outcome in zip(network.nodes, trace.outcomes, strict=True):
        if outcome is not None and node.layer not in owners:
            owners[node.layer] = prefixed(outcome.weights, node.name)
    return tuple(weight for weights in owners.values() for weight in weights)


def macs_of(trace: Trace) -> Dimension:
    """The multiply-adds of all nodes."""
    return _sum(outcome.macs for outcome in trace.outcomes if outcome is not None)


def _sum(counts: Iterable[Dimension]) -> Dimension:
    total: Dimension = 0
    for count in counts:
        total = total + count
    return total


def _elements(shapes: Shapes) -> Dimension:
    return _sum(map(per_sample, shapes))


def peak_elements(network: Network, sizes: Sequence[Dimension]) -> Dimension:
    """The largest number of elements of one sample alive at once.

    `sizes` are the elements of each producer. While a node runs, what is alive is its inputs, its
    outputs, and all that later nodes or the network's outputs still need.
    """
    last_use = list(range(len(sizes)))
    first_node = len(network.inputs)
    for index, node in enumerate(network.nodes):
        for ref in node.inputs:
            last_use[ref.producer] = first_node + index
    for ref in network.outputs:
        last_use[ref.producer] = len(sizes)
    for producer in range(first_node):
        last_use[producer] = max(last_use[producer], first_node - 1)
    dying: dict[int, list[int]] = {}
    for producer, moment in enumerate(last_use):
        dying.setdefault(moment, []).append(producer)

    alive = _sum(sizes[:first_node])
    peak = alive
    for producer in dying.get(first_node - 1, ()):
        alive = alive - sizes[producer]
    for moment in range(first_node, len(sizes)):
        alive = alive + sizes[moment]
        peak = _larger(peak, alive)
        for producer in dying.get(moment, ()):
            alive = alive - sizes[producer]
    return peak


def _larger(one: Dimension, other: Dimension) -> Dimension:
    if not is_known(one):
        return one
    return max(one, other) if is_known(other) else other
