"""A network as an operation of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.network import Network
from shapewright.network.propagate import propagate
from shapewright.network.report import Entry, NestedFaults
from shapewright.network.totals import totals_of
from shapewright.operations.base import Outcome, Weight, prefixed


@dataclass(frozen=True, slots=True)
class Nested:
    """A network as an operation: a model inside a model is one layer that holds its own."""

    network: Network

    def infer(self, inputs: Shapes) -> Outcome:
        """Run the network on these shapes instead of its own.

        Raises:
            ShapeError: another number of inputs than the network has.
            NestedFaults: layers inside do not fit.
        """
        own = self.network.inputs
        if len(inputs) != len(own):
            raise ShapeError(f"the model has {len(own)} inputs, got {len(inputs)}")
        network = with_input_shapes(self.network, inputs)
        trace = propagate(network)
        if trace.faults:
            raise NestedFaults(trace.faults)
        counted = [entry for entry in trace.entries if entry.counted]
        totals = totals_of(network, trace)
        return Outcome(
            outputs=tuple(
                shapes[ref.output]
                for ref in network.outputs
                if (shapes := trace.outputs[ref.producer]) is not None
            ),
            weights=tuple(weight for entry in counted for weight in _named(entry)),
            macs=totals.macs,
            inner=trace.entries,
        )


def _named(entry: Entry) -> tuple[Weight, ...]:
    return prefixed(entry.weights, entry.name)


def with_input_shapes(network: Network, shapes: Shapes) -> Network:
    """The same network fed with other shapes."""
    inputs = tuple(
        replace(tensor, shape=shape) for tensor, shape in zip(network.inputs, shapes, strict=True)
    )
    return replace(network, inputs=inputs)
