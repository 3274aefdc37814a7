"""Sums over a network: parameters, multiply-adds, elements, and how many are alive at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import cast

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, is_known
from shapewright.network.network import Network
from shapewright.network.report import Totals
from shapewright.network.step import LARGEST_COUNT, Step
from shapewright.network.walk import Trace
from shapewright.operations.base import Weight, per_sample, prefixed


def totals_of(network: Network, trace: Trace) -> Totals:
    """Sums over all nodes; the parameters of a shared layer count once."""
    steps = [step for step in trace.steps if step is not None]
    layers = _first_calls(network, trace) if trace.shared else steps
    params = sum([step.params for step in layers])
    trainable = sum([step.trainable_params for step in layers])
    given = [per_sample(tensor.shape) for tensor in network.inputs]
    made = [0 if step is None else step.elements for step in trace.steps]
    return Totals(
        layers=len(steps),
        params=_exact(params),
        trainable_params=_exact(trainable),
        non_trainable_params=_exact(params - trainable),
        macs=_exact(macs_of(trace)),
        activation_elements=_exact(sum(made)),
        peak_activation_elements=_exact(peak_elements(network, [*given, *made])),
    )


def _first_calls(network: Network, trace: Trace) -> Collection[Step]:
    """The step of each layer's first call."""
    first: dict[int, Step] = {}
    for number, step in zip(network.numbers, trace.steps, strict=True):
        if step is not None:
            first.setdefault(number, step)
    return first.values()


def _exact(total: Dimension) -> Dimension:
    """The total, or unknown where a JSON reader could not keep it exact."""
    return UNKNOWN if is_known(total) and total > LARGEST_COUNT else total


def weights_of(network: Network, trace: Trace) -> tuple[Weight, ...]:
    """Every weight once, under the name of its layer's first call."""
    owners: dict[int, tuple[Weight, ...]] = {}
    for name, number, step in zip(network.names, network.numbers, trace.steps, strict=True):
        if step is not None and number not in owners:
            owners[number] = prefixed(step.outcome.weights, name)
    return tuple(weight for weights in owners.values() for weight in weights)


def macs_of(trace: Trace) -> Dimension:
    """The multiply-adds of all nodes."""
    return sum([step.macs for step in trace.steps if step is not None])


def peak_elements(network: Network, sizes: Sequence[Dimension]) -> Dimension:
    """The largest number of elements of one sample alive at once.

    `sizes` are the elements of each producer. While a node runs, what is alive is its inputs, its
    outputs, and all that later nodes or the network's outputs still need. What nobody reads is
    freed as soon as it is made, an input before the first node.
    """
    if not is_known(sum(sizes)):
        return UNKNOWN
    known = cast(Sequence[int], sizes)
    first, last = len(network.inputs), dict(network.last_reads)
    for ref in network.outputs:
        last[ref.producer] = len(sizes)
    for producer in range(len(sizes)) if len(last) < len(sizes) else ():
        last.setdefault(producer, max(producer, first - 1))
    freed = [0] * (len(sizes) + 1)
    for producer, moment in last.items():
        freed[moment] += known[producer]
    changes: Iterator[int] = map(sub, known[first:], freed[first - 1 :])
    return max(accumulate(changes, initial=sum(known[:first])))
