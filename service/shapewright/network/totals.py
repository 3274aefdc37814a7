"""Sums over a network: parameters, multiply-adds, elements, and how many are alive at once."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Dimension, Shapes, is_known
from shapewright.network.network import Network
from shapewright.network.report import Totals, Trace
from shapewright.operations.base import per_sample


def totals_of(network: Network, trace: Trace) -> Totals:
    """Sums over all entries; the parameters of a shared layer count once."""
    params = sum(entry.params for entry in trace.entries if entry.counted)
    trainable = sum(entry.trainable_params for entry in trace.entries if entry.counted)
    macs: Dimension = 0
    elements: Dimension = 0
    for entry in trace.entries:
        macs = macs + entry.macs
        elements = elements + _elements(entry.output_shapes)
    return Totals(
        layers=len(trace.entries),
        params=params,
        trainable_params=trainable,
        non_trainable_params=params - trainable,
        macs=macs,
        activation_elements=elements,
        peak_activation_elements=peak_elements(network, trace.outputs),
    )


def _elements(shapes: Shapes) -> Dimension:
    total: Dimension = 0
    for shape in shapes:
        total = total + per_sample(shape)
    return total


def peak_elements(network: Network, outputs: tuple[Shapes | None, ...]) -> Dimension:
    """The largest number of elements of one sample alive at once.

    While a node runs, what is alive is its inputs, its outputs, and all that later nodes or the
    network's outputs still need.
    """
    last_use = list(range(len(outputs)))
    first_node = len(network.inputs)
    for index, node in enumerate(network.nodes):
        for ref in node.inputs:
            last_use[ref.producer] = first_node + index
    for ref in network.outputs:
        last_use[ref.producer] = len(outputs)
    for producer in range(first_node):
        last_use[producer] = max(last_use[producer], first_node - 1)
    dying: dict[int, list[int]] = {}
    for producer, moment in enumerate(last_use):
        dying.setdefault(moment, []).append(producer)

    sizes = [_elements(shapes or ()) for shapes in outputs]
    alive: Dimension = sum(sizes[:first_node], start=0)
    peak = alive
    for producer in dying.get(first_node - 1, ()):
        alive = alive - sizes[producer]
    for moment in range(first_node, len(outputs)):
        alive = alive + sizes[moment]
        peak = _larger(peak, alive)
        for producer in dying.get(moment, ()):
            alive = alive - sizes[producer]
    return peak


def _larger(one: Dimension, other: Dimension) -> Dimension:
    if not is_known(one):
        return one
    return max(one, other) if is_known(other) else other
