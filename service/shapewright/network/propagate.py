"""A network to its report."""

from __future__ import annotations

from shapewright.network.analysis import analyse
from shapewright.network.divergence import with_divergence
from shapewright.network.entries import entries_of
from shapewright.network.locate import locate
from shapewright.network.network import Network
from shapewright.network.notes import notes_on_report
from shapewright.network.places import Place
from shapewright.network.report import Entries, Report, ShapesDoNotFit, Tensor
from shapewright.network.totals import totals_of
from shapewright.network.walk import Trace, walk


def infer(network: Network, place: Place | None = None, *, layers: bool = True) -> Report:
    """The report of a network; with a `place`, also what it sees, or which outputs it reaches.

    Without `layers` there are no entries, and no work is done for them.

    Raises:
        ShapesDoNotFit: with every fault that can be found, and the report of the rest.
        Misplaced: the network has no such place.
    """
    trace = walk(network)
    analysis = analyse(network, trace) if layers or place else None
    report = Report(
        framework=network.framework,
        source=network.source,
        inputs=tuple(Tensor(tensor.name, tensor.shape) for tensor in network.inputs),
        outputs=_outputs(network, trace),
        totals=totals_of(network, trace),
        layers=entries_of(analysis) if analysis and layers else Entries(),
        notes=tuple(notes_on_report(analysis.complete)) if analysis and layers else (),
        located=locate(analysis, *place) if analysis and place and not trace.faults else None,
    )
    if trace.faults:
        raise ShapesDoNotFit(with_divergence(network, trace), report)
    return report


def _outputs(network: Network, trace: Trace) -> tuple[Tensor, ...]:
    own = len(network.inputs)
    tensors = []
    for ref in network.outputs:
        step = trace.steps[ref.producer - own] if ref.producer >= own else None
        if ref.producer < own:
            tensors.append(Tensor(network.name_of(ref), network.inputs[ref.producer].shape))
        elif step is not None and ref.output < len(step.outputs):
            tensors.append(Tensor(network.name_of(ref), step.outputs[ref.output]))
    return tuple(tensors)
