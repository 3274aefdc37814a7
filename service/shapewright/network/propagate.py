"""Shapes through a network: every node whose inputs are known, faults where they do not fit."""

from __future__ import annotations

from shapewright.arithmetic.dimension import Shape, Shapes, is_known
from shapewright.arithmetic.errors import ShapeError
from shapewright.network.network import Network, Node, Ref
from shapewright.network.report import (
    Entry,
    NestedFaults,
    Report,
    ShapeFault,
    ShapesDoNotFit,
    Tensor,
    Trace,
)
from shapewright.network.totals import totals_of
from shapewright.operations.base import Outcome, per_sample

LARGEST_COUNT = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""


def infer(network: Network) -> Report:
    """The report of a network.

    Raises:
        ShapesDoNotFit: with every fault that can be found, and the report of the rest.
    """
    trace = propagate(network)
    report = _report(network, trace)
    if trace.faults:
        raise ShapesDoNotFit(trace.faults, report)
    return report


def propagate(network: Network) -> Trace:
    """Infer node after node; what depends on a fault is left out."""
    outputs: list[Shapes | None] = [(tensor.shape,) for tensor in network.inputs]
    entries: list[Entry] = []
    faults: list[ShapeFault] = []
    seen: set[int] = set()
    for index, node in enumerate(network.nodes):
        shapes: list[Shape] = []
        outcome: Outcome | None = None
        try:
            for ref in node.inputs:
                given = outputs[ref.producer]
                if given is None:
                    break
                shapes.append(_pick(given, ref, network))
            else:
                outcome = node.operation.infer(tuple(shapes))
                _check_counts(outcome)
        except ShapeError as error:
            outcome = None
            faults.extend(_faults(error, node, index, tuple(shapes)))
        outputs.append(outcome.outputs if outcome else None)
        if outcome:
            entries.append(_entry(network, node, index, tuple(shapes), outcome, node.layer in seen))
        seen.add(node.layer)
    return Trace(tuple(outputs), tuple(entries), tuple(faults))


def _pick(given: Shapes, ref: Ref, network: Network) -> Shape:
    if ref.output >= len(given):
        name = _producer_name(network, ref.producer)
        raise ShapeError(f"`{name}` has {len(given)} outputs, output {ref.output} was asked for")
    return given[ref.output]


def _entry(
    network: Network, node: Node, index: int, shapes: Shapes, outcome: Outcome, again: bool
) -> Entry:
    return Entry(
        index=index,
        name=node.name,
        type=node.type,
        inputs=tuple(ref_name(network, ref) for ref in node.inputs),
        input_shapes=shapes,
        output_shapes=outcome.outputs,
        weights=outcome.weights,
        macs=outcome.macs,
        counted=not again,
        window=outcome.window,
        notes=outcome.notes,
        layers=outcome.inner,
    )


def _producer_name(network: Network, producer: int) -> str:
    known = len(network.inputs)
    if producer < known:
        return network.inputs[producer].name
    return network.nodes[producer - known].name


def ref_name(network: Network, ref: Ref) -> str:
    """How the report names a tensor: its producer, and `:1` and up for further outputs."""
    name = _producer_name(network, ref.producer)
    return f"{name}:{ref.output}" if ref.output else name


def _faults(error: ShapeError, node: Node, index: int, shapes: Shapes) -> list[ShapeFault]:
    if isinstance(error, NestedFaults):
        return list(error.faults)
    parameter = node.spelling.get(error.parameter or "", error.parameter)
    place = f"{node.place}/{parameter}" if parameter else node.place
    return [ShapeFault(place, error.detail, index, node.name, node.type, shapes)]


def _check_counts(outcome: Outcome) -> None:
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


def _report(network: Network, trace: Trace) -> Report:
    outputs = tuple(
        Tensor(ref_name(network, ref), given[ref.output])
        for ref in network.outputs
        if (given := trace.outputs[ref.producer]) is not None and ref.output < len(given)
    )
    return Report(
        framework=network.framework,
        source=network.source,
        inputs=tuple(Tensor(tensor.name, tensor.shape) for tensor in network.inputs),
        outputs=outputs,
        totals=totals_of(network, trace),
        layers=trace.entries,
    )
