"""A network as an operation of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.faults import NestedFaults
from shapewright.network.network import Network
from shapewright.network.totals import macs_of, weights_of
from shapewright.network.walk import Trace, walk
from shapewright.operations.base import Outcome


@dataclass(frozen=True, slots=True)
class Inside:
    """A nested network fed with the shapes of one call, and what became of them."""

    network: Network
    trace: Trace


@dataclass(frozen=True, slots=True)
class Nested:
    """A network as an operation: a model inside a model is one layer that holds its own."""

    network: Network

    def infer(self, inputs: Shapes) -> Outcome:
        """Walk the network with these shapes instead of its own.

        Raises:
            ShapeError: another number of inputs than the network has.
            NestedFaults: layers inside do not fit.
        """
        own = self.network.inputs
        if len(inputs) != len(own):
            raise ShapeError(f"the model has {len(own)} inputs, got {len(inputs)}")
        fed = tuple(replace(tensor, shape=shape) for tensor, shape in zip(own, inputs, strict=True))
        network = replace(self.network, inputs=fed)
        trace = walk(network)
        if trace.faults:
            raise NestedFaults(trace.faults)
        return Outcome(
            outputs=_outputs(network, trace),
            weights=weights_of(network, trace),
            macs=macs_of(trace),
            inside=Inside(network, trace),
        )


def _outputs(network: Network, trace: Trace) -> Shapes:
    given: list[Shapes] = [(tensor.shape,) for tensor in network.inputs]
    given += [outcome.outputs for outcome in trace.outcomes if outcome is not None]
    return tuple(given[ref.producer][ref.output] for ref in network.outputs)
