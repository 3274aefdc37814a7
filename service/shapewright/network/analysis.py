"""A network with all that follows from it: shapes, faults, and what each tensor sees."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.network.fields import of_input
from shapewright.network.network import Network
from shapewright.network.receptive_field import working_axes
from shapewright.network.report import Sources
from shapewright.network.seen import Room, Seen, fields_of
from shapewright.network.walk import Trace


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found of a network; receptive fields are told in terms of its `sources`."""

    network: Network
    trace: Trace
    seen: Seen
    sources: Sources
    complete: bool
    """Whether every receptive field was worked out."""


def analyse(network: Network, trace: Trace) -> Analysis:
    """Carry receptive fields through a network whose shapes are known."""
    ranks = [len(tensor.shape) for tensor in network.inputs]
    room = Room()
    seen = fields_of(network, trace, [of_input(*item) for item in enumerate(ranks)], room)
    return Analysis(
        network=network,
        trace=trace,
        seen=seen,
        sources=Sources(
            tuple([tensor.name for tensor in network.inputs]),
            working_axes(seen.everything(), ranks),
        ),
        complete=not room.full,
    )
