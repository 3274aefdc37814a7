"""Following one axis of a tensor back through the layers that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shapewright.arithmetic.dimension import Dimension
from shapewright.arithmetic.reach import IDENTITY
from shapewright.arithmetic.window import Placement
from shapewright.network.network import Network, Ref
from shapewright.network.walk import Trace
from shapewright.operations.base import Link, Outcome, WindowReport


@dataclass(frozen=True, slots=True)
class Visit:
    """A tensor on the way back, and the axis that is followed there."""

    ref: Ref
    axis: int


@dataclass(frozen=True, slots=True)
class Walker:
    """A network and what became of its nodes, to be walked against the data."""

    network: Network
    trace: Trace

    def back(self, start: Visit) -> list[Visit]:
        """From a tensor towards the network's input, by the first input that has the axis."""
        path = [start]
        while (visit := self.before(path[-1])) is not None:
            path.append(visit)
        return path

    def before(self, visit: Visit) -> Visit | None:
        """Where an axis was before the layer that made the tensor; none where it came to be."""
        return next((before for before, _ in self._links(visit)), None)

    def stride(self, visit: Visit) -> Fraction | None:
        """How far the layer that made the tensor moves along the axis, if that can be said."""
        reach = next((link.reach for _, link in self._links(visit)), IDENTITY)
        return None if reach is None else reach.stride

    def _links(self, visit: Visit) -> Iterator[tuple[Visit, Link]]:
        """The axes that go on as the one that is visited, and how they do."""
        made = self.made(visit)
        if made is None:
            return
        index, outcome = made
        links = outcome.split_links[visit.ref.output] if outcome.split_links else outcome.links
        for ref, own in zip(self.network.reads[index], links, strict=False):
            for axis, link in enumerate(own):
                if link is not None and link.axis == visit.axis:
                    yield Visit(ref, axis), link

    def made(self, visit: Visit) -> tuple[int, Outcome] | None:
        """The index of the node that made a tensor, and its outcome; none for an input."""
        index = visit.ref.producer - len(self.network.inputs)
        step = self.trace.steps[index] if index >= 0 else None
        return None if step is None else (index, step.outcome)

    def size(self, visit: Visit) -> Dimension:
        """The size of the axis that is followed."""
        made = self.made(visit)
        if made is None:
            return self.network.inputs[visit.ref.producer].shape[visit.axis]
        return made[1].outputs[visit.ref.output][visit.axis]

    def windows(self, visit: Visit) -> Iterator[tuple[WindowReport, Placement]]:
        """The window that made an axis of a tensor, if one did."""
        made = self.made(visit)
        window = made[1].window if made else None
        if window is not None and visit.axis in window.axes:
            yield window, window.placements[window.axes.index(visit.axis)]
