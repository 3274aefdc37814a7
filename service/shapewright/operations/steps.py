"""Operations that are applied at every step of a sequence, whose second axis is time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Links, Operation, Outcome, axis_of, one
from shapewright.operations.merge import expect_count
from shapewright.record import record

TIME = 1
"""The axis along which a sequence has its steps."""


def at_each_step(operation: Operation, inputs: Shapes) -> tuple[Outcome, Dimension]:
    """What an operation says of one step of the first input, and how many steps there are.

    The other inputs reach every step as they are. Multiply-adds are those of all steps, and the
    window lies on the axes of the sequence. What is inside a nested network is not told, as it is
    no network on sequences.

    Raises:
        ShapeError: there is no time axis, or the operation does not accept a step.
    """
    expect_count(inputs, None)
    sequence = inputs[0]
    time = sequence[axis_of(sequence, TIME)]
    step = operation.infer((_without_time(sequence), *inputs[1:]))
    window = step.window
    if window is not None:
        axes = tuple(map(_beside_time, window.axes))
        window = replace(window, axes=axes, tap_macs=window.tap_macs * time)
    return replace(step, macs=step.macs * time, window=window, inside=None), time


def _without_time(sequence: Shape) -> Shape:
    return (*sequence[:TIME], *sequence[TIME + 1 :])


def with_time(step: Shape, time: Dimension) -> Shape:
    """The shape of all steps together."""
    return (*step[:TIME], time, *step[TIME:])


def _beside_time(axis: int) -> int:
    """Where an axis of a step stands in the sequence."""
    return axis + 1 if axis >= TIME else axis


def with_time_links(links: tuple[Links, ...], time: Link | None) -> tuple[Links, ...]:
    """The links of a step seen from the sequence, in which `time` is what the time axis becomes."""
    return tuple((own[0], time, *own[1:]) if index == 0 else own for index, own in enumerate(links))


def into_sequence(links: Iterable[Links]) -> tuple[Links, ...]:
    """The links of a step where what comes out has the time axis too."""
    return tuple(
        tuple(link and replace(link, axis=_beside_time(link.axis)) for link in own) for own in links
    )


@record
class TimeDistributed:
    """An operation applied to every step of a sequence by itself, with the same weights."""

    operation: Operation

    def infer(self, inputs: Shapes) -> Outcome:
        """One step's output at every step; `macs = steps * macs of a step`.

        Raises:
            ShapeError: fewer than three axes, or what a step gives is not one tensor.
        """
        sequence = one(inputs)
        if len(sequence) < TIME + 2:
            raise ShapeError(f"needs 3 axes or more (batch, time, ...), got {show(sequence)}")
        step, time = at_each_step(self.operation, inputs)
        if len(step.outputs) != 1:
            raise ShapeError(
                f"the layer at each step has to give one output, "
                f"it gives {len(step.outputs)}: {show(step.outputs)}"
            )
        outputs = (with_time(step.outputs[0], time),)
        links = with_time_links(into_sequence(step.links), Link(TIME))
        return replace(step, outputs=outputs, links=links, split_links=())
