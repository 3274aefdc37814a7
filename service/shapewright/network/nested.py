"""A network as an operation of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapewright.arithmetic.dimension import Shape, Shapes, certainly_differ, refine, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.divergence import with_divergence
from shapewright.network.faults import NestedFaults
from shapewright.network.network import Input, Network
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
            ShapeError: another number of inputs than the network has, or other shapes than it
                declares.
            NestedFaults: layers inside do not fit.
        """
        own = self.network.inputs
        if len(inputs) != len(own):
            raise ShapeError(f"the model has {len(own)} inputs, got {len(inputs)}")
        fed = (_fed(tensor, shape) for tensor, shape in zip(own, inputs, strict=True))
        network = replace(self.network, inputs=tuple(fed))
        trace = walk(network)
        if trace.faults:
            raise NestedFaults(with_divergence(network, trace))
        return Outcome(
            outputs=_outputs(network, trace),
            weights=weights_of(network, trace),
            macs=macs_of(trace),
            inside=Inside(network, trace),
        )


def _fed(tensor: Input, shape: Shape) -> Input:
    """The input with the shape that arrives; sizes that are open there are as declared.

    An input declared without any axis takes every shape, and every batch is taken.
    """
    if not tensor.shape:
        return replace(tensor, shape=shape)
    sizes = zip(tensor.shape[1:], shape[1:], strict=False)
    if len(shape) != len(tensor.shape) or any(certainly_differ(*pair) for pair in sizes):
        raise ShapeError(
            f"the model's input `{tensor.name}` has the shape {show(tensor.shape)}, "
            f"got {show(shape)}"
        )
    rest = (refine(size, declared) for declared, size in zip(tensor.shape, shape, strict=True))
    return replace(tensor, shape=(shape[0], *tuple(rest)[1:]))


def _outputs(network: Network, trace: Trace) -> Shapes:
    given: list[Shapes] = [(tensor.shape,) for tensor in network.inputs]
    given += [step.outputs for step in trace.steps if step is not None]
    return tuple(given[ref.producer][ref.output] for ref in network.outputs)
