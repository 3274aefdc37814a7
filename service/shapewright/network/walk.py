"""Shapes through a network: every node whose inputs are known, faults where they do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.dimension import Shape, Shapes, is_known
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.faults import NestedFaults, ShapeFault
from shapewright.network.network import Network, Node, Ref
from shapewright.operations.base import Outcome, per_sample

LARGEST_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What each node was fed and gave; `None` where a fault lies at it or before it."""

    fed: tuple[Shapes, ...]
    outcomes: tuple[Outcome | None, ...]
    faults: tuple[ShapeFault, ...]


def walk(network: Network) -> Trace:
    """Infer node after node; what depends on a fault is left out."""
    given: list[Shapes | None] = [(tensor.shape,) for tensor in network.inputs]
    fed: list[Shapes] = []
    outcomes: list[Outcome | None] = []
    faults: list[ShapeFault] = []
    for index, node in enumerate(network.nodes):
        shapes: list[Shape] = []
        outcome: Outcome | None = None
        try:
            if _gather(network, node, given, shapes):
                outcome = _checked(node.operation.infer(tuple(shapes)))
        except ShapeError as error:
            faults.extend(_located(error, node, index, tuple(shapes)))
        fed.append(tuple(shapes))
        outcomes.append(outcome)
        given.append(outcome.outputs if outcome else None)
    return Trace(tuple(fed), tuple(outcomes), tuple(faults))


def _gather(network: Network, node: Node, given: list[Shapes | None], shapes: list[Shape]) -> bool:
    """Collect what a node reads into `shapes`; false where a fault lies before it."""
    for ref in node.inputs:
        outputs = given[ref.producer]
        if outputs is None:
            return False
        if ref.output >= len(outputs):
            name = network.name_of(Ref(ref.producer))
            raise ShapeError(f"`{name}` has {len(outputs)} outputs, number {ref.output} is none")
        shapes.append(outputs[ref.output])
    return True


def _located(error: ShapeError, node: Node, index: int, shapes: Shapes) -> tuple[ShapeFault, ...]:
    """The fault with its place; faults of a nested network have theirs already."""
    if isinstance(error, NestedFaults):
        return error.faults
    parameter = node.spelling.get(error.parameter or "")
    place = f"{node.place}/{parameter}" if parameter else node.place
    return (ShapeFault(place, error.detail, index, node.name, node.type, shapes, error),)


def _checked(outcome: Outcome) -> Outcome:
    """The outcome, if all its counts survive a JSON reader that keeps numbers as doubles."""
    counts = [
        outcome.macs,
        sum(weight.size for weight in outcome.weights),
        *map(per_sample, outcome.outputs),
        *(dimension for shape in outcome.outputs for dimension in shape),
    ]
    for count in counts:
        if is_known(count) and count > LARGEST_COUNT:
            raise ShapeError(
                f"a count of {count} passes {LARGEST_COUNT} (2**53 - 1), "
                "the largest integer that every JSON reader keeps exact"
            )
    return outcome
