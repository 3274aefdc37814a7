"""Shapes through a network: every node whose inputs are known, faults where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.dimension import Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.faults import NestedFaults, ShapeFault
from shapewright.network.network import Network, Node, Ref
from shapewright.network.step import STEPS, Step, fresh_step, shared, step

MOST_TENSORS: Final = 100_000
"""How many outputs all nodes may have together."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The step of each node; `None` where a fault lies at it or before it.

    `shared` says whether a layer is called more than once.
    """

    steps: Sequence[Step | None]
    faults: Sequence[ShapeFault]
    shared: bool


def walk(network: Network) -> Trace:
    """Infer node after node; what depends on a fault is left out."""
    given: list[Shapes | None] = [shared((tensor.shape,)) for tensor in network.inputs]
    steps: list[Step | None] = []
    faults: list[ShapeFault] = []
    bounds = _Bounds(network)
    recent, hits = STEPS.recent(), 0
    for layer, reads in zip(network.layers, network.reads, strict=True):
        fed = given[reads[0][0]] if len(reads) == 1 else None
        made: Step | None = None
        try:
            if fed is None or len(fed) > 1 or reads[0][1]:
                fed = _fed(network, reads, given)
                fed = fed and shared(fed)
            if fed is not None:
                made = recent.get((id(layer.operation), id(fed)))
                if made is None:
                    made = step(layer.operation, fed)
                else:
                    hits += 1
                if bounds.shared or len(made.outputs) > 1:
                    bounds.check(len(steps), made)
        except ShapeError as error:
            made = None
            faults.extend(_located(error, network.node(len(steps)), len(steps), fed or ()))
        steps.append(made)
        given.append(None if made is None else made.outputs)
    STEPS.hits += hits
    faults.extend(_without_outputs(network, given, steps))
    return Trace(steps, faults, bounds.shared)


def fits(network: Network) -> bool:
    """Whether all layers of a network fit; nothing of it is remembered."""
    given: list[Shapes | None] = [(tensor.shape,) for tensor in network.inputs]
    try:
        for layer, reads in zip(network.layers, network.reads, strict=True):
            fed = _fed(network, reads, given)
            given.append(None if fed is None else fresh_step(layer.operation, fed).outputs)
    except ShapeError:
        return False
    return True


class _Bounds:
    """What all steps of a network have to keep to."""

    def __init__(self, network: Network) -> None:
        self.shared = len(set(network.numbers)) < len(network)
        self._numbers = network.numbers
        self._tensors = len(network)
        self._first: dict[int, Step] = {}

    def check(self, index: int, made: Step) -> None:
        """Insist on few outputs, and that a shared layer has the weights of its first call."""
        self._tensors += len(made.outputs) - 1
        if self._tensors > MOST_TENSORS:
            raise ShapeError(f"all layers together have more than {MOST_TENSORS} outputs")
        first = self._first.setdefault(self._numbers[index], made)
        for weight, other in zip(first.outcome.weights, made.outcome.weights, strict=False):
            if weight != other:
                raise ShapeError(
                    f"the first call made the weight `{weight.name}` {show(weight.shape)}, "
                    f"this one needs {show(other.shape)}"
                )


def _fed(network: Network, reads: Sequence[Ref], given: Sequence[Shapes | None]) -> Shapes | None:
    """What a node reads; `None` where a fault lies before it.

    Raises:
        ShapeError: a producer has no such output.
    """
    shapes = []
    for ref in reads:
        outputs = given[ref.producer]
        if outputs is None:
            return None
        if ref.output >= len(outputs):
            raise ShapeError(_no_such_output(network, ref, outputs))
        shapes.append(outputs[ref.output])
    return tuple(shapes)


def _no_such_output(network: Network, ref: Ref, outputs: Shapes) -> str:
    name = network.name_of(Ref(ref.producer))
    return f"`{name}` has {len(outputs)} outputs, number {ref.output} is none"


def _without_outputs(
    network: Network, given: list[Shapes | None], steps: list[Step | None]
) -> Iterator[ShapeFault]:
    """The faults of the network's own outputs that no node makes."""
    own = len(network.inputs)
    for ref in network.outputs:
        outputs = given[ref.producer]
        if ref.producer >= own and outputs is not None and ref.output >= len(outputs):
            index = ref.producer - own
            made = steps[index]
            error = ShapeError(_no_such_output(network, ref, outputs))
            yield from _located(error, network.node(index), index, made.fed if made else ())


def _located(error: ShapeError, node: Node, index: int, shapes: Shapes) -> tuple[ShapeFault, ...]:
    """The fault with its place; faults of a nested network have theirs already."""
    if isinstance(error, NestedFaults):
        return error.faults
    place = node.place_of(error.parameter)
    return (ShapeFault(place, error.detail, index, node.name, node.type, shapes, error),)
