"""Several layers of recurrence as one, each along one direction of time or both."""

from __future__ import annotations

from shapewright.arithmetic.dimension import (
    Shape,
    Shapes,
    certainly_below,
    certainly_differ,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import (
    Link,
    Links,
    Outcome,
    WeightTemplate,
    resolve_all,
    with_axis,
)
from shapewright.record import record


@record
class RecurrentLayers:
    """Gated sums of the step and of the last output, layer on layer, direction beside direction.

    `features` must arrive at each step. A layer has `units`, and gives so many or, where it is,
    the `projected` number that a last product makes of them. The first state is the last output;
    a second one, where `states` are two, has the units. The sequence may be without a batch.
    """

    features: int
    gates: int
    units: int
    layers: int = 1
    directions: int = 1
    projected: int | None = None
    states: int = 1
    time_first: bool = True
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """Every step's output, then the last states of all layers and directions.

        Raises:
            ShapeError: wrong rank, other features, no step, or states that do not fit.
        """
        sequence = self._sequence(inputs)
        rank = len(sequence)
        time = 0 if rank == 2 or self.time_first else 1
        if certainly_below(sequence[time], 1):
            raise ShapeError(f"needs at least one step on axis {time}, got {show(sequence)}")
        batch = sequence[1 - time : 2 - time] if rank == 3 else ()
        sizes = (self._given, self.units)[: self.states]
        states = tuple((self.layers * self.directions, *batch, size) for size in sizes)
        _check_states(inputs[1:], states)
        places = (1 - time if batch else None, *(1 if batch else None for _ in states))
        axes = (places[0], *(1 if batch else None for _ in inputs[1:]))
        split = tuple(
            tuple(_only(axis, place, len(shape)) for axis, shape in zip(axes, inputs, strict=True))
            for place in places
        )
        return Outcome(
            (with_axis(sequence, -1, self.directions * self._given), *states),
            resolve_all(self.weights, inputs),
            macs=sequence[time] * self._step_macs(),
            links=split[0],
            split_links=split,
        )

    @property
    def _given(self) -> int:
        return self.projected or self.units

    def _sequence(self, inputs: Shapes) -> Shape:
        if len(inputs) not in (1, 1 + self.states):
            raise ShapeError(
                f"needs a sequence, with or without {self.states} states, got {show(inputs)}"
            )
        sequence = inputs[0]
        if len(sequence) not in (2, 3):
            order = "time, batch" if self.time_first else "batch, time"
            raise ShapeError(
                f"needs 3 axes ({order}, features) or 2 without the batch, got {show(sequence)}"
            )
        if certainly_differ(sequence[-1], self.features):
            raise ShapeError(
                f"needs {self.features} features on the last axis, got {show(sequence)}", "features"
            )
        return sequence

    def _step_macs(self) -> int:
        """One step through all layers: products with the step, the last output, and for both."""
        own = self.gates * self.units * self._given + self.units * (self.projected or 0)
        reads = self.features + (self.layers - 1) * self.directions * self._given
        return self.directions * (self.gates * self.units * reads + self.layers * own)


def _check_states(given: Shapes, needed: Shapes) -> None:
    for got, wanted in zip(given, needed, strict=False):
        if len(got) != len(wanted) or any(map(certainly_differ, got, wanted)):
            raise ShapeError(f"needs a state of shape {show(wanted)}, got {show(got)}")


def _only(axis: int | None, place: int | None, rank: int) -> Links:
    """One axis goes on, the others are taken in as a whole."""
    return tuple(
        Link(place) if place is not None and index == axis else None for index in range(rank)
    )
