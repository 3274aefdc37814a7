"""Recurrence: a cell that is applied step after step and hands its states on to itself.

A cell is an operation on one step and the states: its outputs are the step's output, then the new
states. Called without states it starts from zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat

from shapewright.arithmetic.dimension import Shape, Shapes, certainly_differ, is_known, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import (
    Links,
    Operation,
    Outcome,
    WeightTemplate,
    expect_rank,
    kept,
    known_axis,
    resolve_all,
)
from shapewright.operations.merge import expect_count
from shapewright.operations.steps import at_each_step, into_sequence, with_time, with_time_links
from shapewright.record import record


def check_states(given: Shapes, states: Shapes, *, spread: bool = True) -> None:
    """Insist that the states that a cell is given, if any, are those that it hands on.

    With `spread` a state of one sample serves every sample of the batch.

    Raises:
        ShapeError: another number of states, or one of another shape.
    """
    if given and len(given) != len(states):
        raise ShapeError(
            f"needs {len(states)} states {show(states)}, got {len(given)}: {show(given)}"
        )
    for got, needed in zip(given, states, strict=False):
        fitting = (1, *needed[1:]) if spread and got[:1] == (1,) else needed
        if len(got) != len(needed) or any(map(certainly_differ, got, fitting)):
            raise ShapeError(f"needs a state of shape {show(needed)}, got {show(got)}")


@record
class Cell:
    """A step on vectors: each gate reads all of the input and of the last output.

    `states` are the sizes of the states, of which the first is the output. `features` is set where
    the parameters already say how many must arrive. A `bare` cell gives its states alone, and
    takes states of the batch's own size alone.
    """

    gates: int
    states: tuple[int, ...]
    weights: tuple[WeightTemplate, ...] = ()
    features: int | None = None
    bare: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """`macs = gates * units * (inputs + units)`.

        Raises:
            ShapeError: the step is no batch of vectors of a known or the right size, or states do
                not fit.
        """
        expect_count(inputs, None)
        step = inputs[0]
        expect_rank(step, 2, "batch and features, at one time step")
        states = tuple((step[0], size) for size in self.states)
        check_states(inputs[1:], states, spread=not self.bare)
        units = self.states[0]
        return Outcome(
            outputs=states if self.bare else (states[0], *states),
            weights=resolve_all(self.weights, inputs),
            macs=self.gates * units * (self._features(step) + units),
            links=(kept(2, 1),) * len(inputs),
        )

    def _features(self, step: Shape) -> int:
        if self.features is None:
            return known_axis(step, 1, "each gate")
        if certainly_differ(step[-1], self.features):
            raise ShapeError(f"needs {self.features} features, got {show(step)}", "features")
        return self.features


@record
class StackedCells:
    """Cells on top of each other as one: each reads the output of the one below."""

    cells: tuple[Operation, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The output of the last; states, weights and macs of all.

        Raises:
            ShapeError: a cell does not accept what the one below gives, or states do not fit.
        """
        expect_count(inputs, None)
        total = Outcome(outputs=inputs[:1])
        for cell in self.cells:
            output, *states = total.outputs
            step = cell.infer((output,))
            total = Outcome(
                outputs=(step.outputs[0], *states, *step.outputs[1:]),
                weights=total.weights + step.weights,
                macs=total.macs + step.macs,
            )
        check_states(inputs[1:], total.outputs[1:])
        return replace(total, links=(kept(2, 1),) * len(inputs))


@record
class Recurrent:
    """A cell run along a sequence, from states that follow as further inputs, or from zeros.

    `sequences` asks for the output of every step instead of the last one's, `state` for the last
    states after it. A `stateful` one keeps its states from batch to batch.
    """

    cell: Operation
    sequences: bool = False
    state: bool = False
    stateful: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """What the cell makes of each step; `macs = steps * macs of a step`.

        Raises:
            ShapeError: the cell does not accept a step or a state, or states are to be kept for a
                batch of unknown size.
        """
        step, time = at_each_step(self.cell, inputs)
        if self.stateful and not is_known(inputs[0][0]):
            raise ShapeError(
                f"states that are kept from batch to batch need a known batch size, "
                f"got {show(inputs[0])}",
                "stateful",
            )
        output, *states = step.outputs
        first = with_time(output, time) if self.sequences else output
        outputs = (first, *states) if self.state else (first,)
        links, *others = self._links(step.links, len(outputs))
        split = (links, *others) if others else ()
        return replace(step, outputs=outputs, links=links, split_links=split)

    def _links(self, step: tuple[Links, ...], outputs: int) -> Iterator[tuple[Links, ...]]:
        """For each output: all of time is seen, and a sequence has its other axes one later."""
        yield with_time_links(into_sequence(step) if self.sequences else step, None)
        yield from repeat(with_time_links(step, None), outputs - 1)


@record
class Bidirectional:
    """Two recurrent operations along one sequence, one of which goes from its end to its start.

    `merge` makes one output of the two; without it there are both. The first half of the initial
    states is for the forward direction.
    """

    forward: Operation
    backward: Operation
    merge: Operation | None = None

    def infer(self, inputs: Shapes) -> Outcome:
        """The merged outputs, then the forward states, then the backward ones.

        Raises:
            ShapeError: a direction does not accept its inputs, or the outputs do not merge.
        """
        expect_count(inputs, None)
        sequence, *states = inputs
        half, odd = divmod(len(states), 2)
        if odd:
            raise ShapeError(
                f"the states do not halve between the directions, "
                f"got {len(states)}: {show(tuple(states))}"
            )
        forward = self.forward.infer((sequence, *states[:half]))
        backward = self.backward.infer((sequence, *states[half:]))
        both = (forward.outputs[0], backward.outputs[0])
        merged = self.merge.infer(both).outputs if self.merge else both
        return replace(
            forward,
            outputs=(*merged, *forward.outputs[1:], *backward.outputs[1:]),
            weights=forward.weights + backward.weights,
            macs=forward.macs + backward.macs,
            split_links=(
                *forward.split_links[:1] * len(merged),
                *forward.split_links[1:],
                *backward.split_links[1:],
            ),
            notes=forward.notes + backward.notes,
        )
