"""Where two branches that do not fit parted, and what each did to the axis since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapewright.arithmetic.dimension import is_known
from shapewright.arithmetic.window import Placement
from shapewright.network.backwards import Visit, Walker
from shapewright.network.differences import Branch, Divergence, Rounding, Step
from shapewright.network.faults import ShapeFault
from shapewright.network.network import Network
from shapewright.network.repairs import repairs
from shapewright.network.walk import Trace
from shapewright.operations.merge import InputsDiffer


def with_divergence(network: Network, trace: Trace) -> tuple[ShapeFault, ...]:
    """The faults of a network; the first, if it is of a merge, says where its branches parted.

    A problem tells that of its first fault alone, and to find it takes a walk or more.
    """
    return tuple(
        fault if number else _told(network, trace, fault)
        for number, fault in enumerate(trace.faults)
    )


def _told(network: Network, trace: Trace, fault: ShapeFault) -> ShapeFault:
    if not isinstance(fault.cause, InputsDiffer) or fault.diverged is not None:
        return fault
    return replace(fault, diverged=diverge(network, trace, fault, fault.cause))


def diverge(
    network: Network, trace: Trace, fault: ShapeFault, error: InputsDiffer
) -> Divergence | None:
    """Follow the axis on which a node failed back through both branches.

    `None` where the operation's inputs are not the node's own in their order.
    """
    walker, node, fed = Walker(network, trace), network.node(fault.index), fault.input_shapes
    starts = []
    for site in (error.one, error.other):
        shape = fed[site.input] if site.input < len(fed) else ()
        if site.axis >= len(shape) or shape[site.axis] != site.size:
            return None
        starts.append(Visit(node.reads[site.input], site.axis))
    paths = [walker.back(start) for start in starts]
    other_path = set(paths[1])
    common = next((visit for visit in paths[0] if visit in other_path), None)
    parts = [path[: path.index(common)] if common else path for path in paths]
    one, other = (_branch(walker, *item) for item in zip(starts, parts, strict=True))
    layers = (*one.layers, *other.layers)
    return Divergence(
        parted_at=network.name_of(common.ref) if common else None,
        branches=(one, other),
        rounded_by=next((step for step in layers if step.rounding), None),
        repairs=tuple(repairs(walker, starts, parts, paths[0][-1] if common else None)),
    )


def _branch(walker: Walker, start: Visit, part: Sequence[Visit]) -> Branch:
    steps = [step for visit in reversed(part) if (step := _step(walker, visit))]
    name = walker.network.name_of(start.ref)
    return Branch(name, start.axis, walker.size(start), tuple(steps))


def _step(walker: Walker, visit: Visit) -> Step | None:
    made, before = walker.made(visit), walker.before(visit)
    if made is None:
        return None
    plain = [p for window, p in walker.windows(visit) if not window.transposed]
    after = walker.size(visit)
    return Step(
        name=walker.network.names[made[0]],
        type=walker.network.layers[made[0]].type,
        before=walker.size(before) if before else after,
        after=after,
        rounding=_rounding(plain[0]) if plain else None,
    )


def _rounding(placement: Placement) -> Rounding | None:
    size, before, outputs = placement.size, placement.before, placement.outputs
    stride, effective = placement.window.stride, placement.window.effective
    if not (is_known(size) and is_known(before) and is_known(outputs)):
        return None
    if outputs * stride >= size:
        return Rounding("up", size % stride, stride) if size % stride else None
    dropped = size + before - effective - (outputs - 1) * stride
    return Rounding("down", dropped, stride) if dropped > 0 else None
