"""A network with all that follows from it: shapes, faults, and what each tensor sees."""

from __future__ import annotations

from dataclasses import dataclass

from shapewright.network.fields import Room, Seen, fields_of, of_input
from shapewright.network.network import Network
from shapewright.network.receptive_field import working_axes
from shapewright.network.walk import Trace


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found of a network; receptive fields are told in terms of its inputs.

    `axes` are the axes of each input along which the network works.
    """

    network: Network
    trace: Trace
    seen: Seen
    names: tuple[str, ...]
    axes: tuple[tuple[int, ...], ...]
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
        names=tuple(tensor.name for tensor in network.inputs),
        axes=working_axes(seen.everything(), ranks),
        complete=not room.full,
    )
