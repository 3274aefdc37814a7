"""Shapes through a network: every node whose inputs are known, faults where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.dimension import Shape, Shapes, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.memo import Memo
from shapewright.network.faults import NestedFaults, ShapeFault
from shapewright.network.network import Network, Node, Ref
from shapewright.operations.base import Operation, Outcome, Weight, params_of, per_sample

LARGEST_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""

MOST_AXES: Final = 64
"""How many axes a tensor may have, as in NumPy."""

MOST_TENSORS: Final = 100_000
"""How many outputs all nodes may have together."""


MOST_REMEMBERED: Final = 32
"""How many inputs, outputs and weights together an outcome has at most that is remembered."""

OUTCOMES: Final[Memo[tuple[int, Shapes], tuple[Operation, Outcome]]] = Memo("shapes")
"""What operations made of shapes."""


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
    bounds = _Bounds()
    for index, node in enumerate(network.nodes):
        shapes: list[Shape] = []
        outcome: Outcome | None = None
        try:
            if _gather(network, node, given, shapes):
                outcome = bounds.checked(node, _outcome(node.operation, tuple(shapes)))
        except ShapeError as error:
            faults.extend(_located(error, node, index, tuple(shapes)))
        fed.append(tuple(shapes))
        outcomes.append(outcome)
        given.append(outcome.outputs if outcome else None)
    faults.extend(_without_outputs(network, given, fed))
    return Trace(tuple(fed), tuple(outcomes), tuple(faults))


def _outcome(operation: Operation, shapes: Shapes) -> Outcome:
    """What the operation makes of the shapes, checked; asked again, it answers from memory.

    Operations are told apart by identity, which is fast; the memo keeps each alive with its
    answer, so that no other can come to have the same.
    """
    known = OUTCOMES.get((id(operation), shapes))
    if known is None:
        outcome = operation.infer(shapes)
        _check_counts(outcome)
        known = (operation, outcome)
        if _is_small(shapes, outcome):
            OUTCOMES.keep((id(operation), shapes), known)
    return known[1]


def _is_small(shapes: Shapes, outcome: Outcome) -> bool:
    """Whether an outcome is worth remembering: a memo counts outcomes, not what they hold."""
    if outcome.inside is not None or outcome.split_links:
        return False
    if len(shapes) + len(outcome.outputs) + len(outcome.weights) > MOST_REMEMBERED:
        return False
    links = (link for own in outcome.links for link in own)
    return all(link is None or link.reach is None or link.reach.short for link in links)


def _gather(network: Network, node: Node, given: list[Shapes | None], shapes: list[Shape]) -> bool:
    """Collect what a node reads into `shapes`; false where a fault lies before it."""
    for ref in node.inputs:
        outputs = given[ref.producer]
        if outputs is None:
            return False
        if ref.output >= len(outputs):
            raise ShapeError(_no_such_output(network, ref, outputs))
        shapes.append(outputs[ref.output])
    return True


def _no_such_output(network: Network, ref: Ref, outputs: Shapes) -> str:
    name = network.name_of(Ref(ref.producer))
    return f"`{name}` has {len(outputs)} outputs, number {ref.output} is none"


def _without_outputs(
    network: Network, given: list[Shapes | None], fed: list[Shapes]
) -> Iterator[ShapeFault]:
    """The faults of the network's own outputs that no node makes."""
    own = len(network.inputs)
    for ref in network.outputs:
        outputs = given[ref.producer]
        if ref.producer >= own and outputs is not None and ref.output >= len(outputs):
            index = ref.producer - own
            error = ShapeError(_no_such_output(network, ref, outputs))
            yield from _located(error, network.nodes[index], index, fed[index])


def _located(error: ShapeError, node: Node, index: int, shapes: Shapes) -> tuple[ShapeFault, ...]:
    """The fault with its place; faults of a nested network have theirs already."""
    if isinstance(error, NestedFaults):
        return error.faults
    parameter = node.spelling.get(error.parameter or "")
    place = f"{node.place}/{parameter}" if parameter else node.place
    return (ShapeFault(place, error.detail, index, node.name, node.type, shapes, error),)


class _Bounds:
    """What all outcomes of a network have to keep to."""

    def __init__(self) -> None:
        self._tensors = 0
        self._weights: dict[int, tuple[Weight, ...]] = {}

    def checked(self, node: Node, outcome: Outcome) -> Outcome:
        """The outcome, if it is bounded, and of a shared layer has the weights of its first call.

        Raises:
            ShapeError: too large a count, too many axes or outputs, or other weights.
        """
        self._tensors += len(outcome.outputs)
        if self._tensors > MOST_TENSORS:
            raise ShapeError(f"all layers together have more than {MOST_TENSORS} outputs")
        for shape in outcome.outputs:
            if len(shape) > MOST_AXES:
                raise ShapeError(f"a tensor has at most {MOST_AXES} axes, got {len(shape)}")
        first = self._weights.setdefault(node.layer, outcome.weights)
        for weight, other in zip(first, outcome.weights, strict=False):
            if weight != other:
                raise ShapeError(
                    f"the first call made the weight `{weight.name}` {show(weight.shape)}, "
                    f"this one needs {show(other.shape)}"
                )
        return outcome


def _check_counts(outcome: Outcome) -> None:
    """Insist on counts that survive a JSON reader that keeps numbers as doubles."""
    counts = [
        outcome.macs,
        params_of(outcome.weights),
        *map(per_sample, outcome.outputs),
        *(dimension for shape in outcome.outputs for dimension in shape),
    ]
    for count in counts:
        if is_known(count) and count > LARGEST_COUNT:
            raise ShapeError(
                f"a count of {count} passes {LARGEST_COUNT} (2**53 - 1), "
                "the largest integer that every JSON reader keeps exact"
            )
