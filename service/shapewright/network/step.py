"""One operation fed with shapes: what comes of it, counted once for all who ask."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from shapewright.arithmetic.dimension import Dimension, Shapes
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import IDENTITY
from shapewright.memo import Memo, remembered
from shapewright.operations.base import (
    Links,
    Operation,
    Outcome,
    params_of,
    per_sample,
    trainable_params_of,
)
from shapewright.record import entity, record

LARGEST_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""

MOST_AXES: Final = 64
"""How many axes a tensor may have, as in NumPy."""

MOST_REMEMBERED: Final = 32
"""How many inputs, outputs and weights together a step has at most that is remembered."""


@entity
class Step:
    """An operation, what it was fed, what came of it, and the sums over that.

    `elements` are those of one sample of all outputs. `links` are the outcome's, as an object that
    is the same for all small steps whose links are equal. `kept` are the axes of an only input
    that go on in their place in an only output, index for index; `None` if there are more. `small`
    says whether the step is worth remembering: then the same one comes back for the same operation
    and shapes.
    """

    operation: Operation
    fed: Shapes
    outcome: Outcome
    outputs: Shapes
    params: int
    trainable_params: int
    macs: Dimension
    elements: Dimension
    links: tuple[Links, ...]
    kept: frozenset[int] | None
    small: bool


STEPS: Final[Memo[tuple[int, int], Step]] = Memo("shapes")
"""What operations made of shapes, both by `id`; a step keeps both, so that these stay theirs."""

_SHAPES: Final[Memo[Shapes, Shapes]] = Memo("shapes")


def shared(shapes: Shapes) -> Shapes:
    """The same shapes, as one object for all that are equal: what is fed to steps is."""
    if len(shapes) > MOST_REMEMBERED:
        return shapes
    return _SHAPES.get(shapes) or _SHAPES.keep(shapes, shapes)


def step(operation: Operation, fed: Shapes) -> Step:
    """The same as `fresh_step`; asked again, it answers from memory."""
    key = (id(operation), id(fed))
    known = STEPS.get(key)
    if known is None:
        known = fresh_step(operation, fed)
        if known.small:
            STEPS.keep(key, known)
    return known


def fresh_step(operation: Operation, fed: Shapes) -> Step:
    """What the operation makes of the shapes, checked.

    Raises:
        ShapeError: the operation does not accept them, or what it makes passes a bound.
    """
    outcome = operation.infer(fed)
    params = params_of(outcome.weights)
    elements = list(map(per_sample, outcome.outputs))
    _check(outcome, params, elements)
    passage = _passage(outcome.links)
    small = passage.short and _is_small(fed, outcome)
    return Step(
        operation=operation,
        fed=fed,
        outcome=outcome,
        outputs=shared(outcome.outputs) if small else outcome.outputs,
        params=params,
        trainable_params=trainable_params_of(outcome.weights),
        macs=outcome.macs,
        elements=sum(elements),
        links=passage.links,
        kept=passage.kept if small and len(fed) == len(outcome.outputs) == 1 else None,
        small=small,
    )


def _check(outcome: Outcome, params: int, elements: Sequence[Dimension]) -> None:
    """Insist on few axes, and on counts that survive a reader that keeps numbers as doubles."""
    for shape in outcome.outputs:
        if len(shape) > MOST_AXES:
            raise ShapeError(f"a tensor has at most {MOST_AXES} axes, got {len(shape)}")
    for count in (outcome.macs, params, *elements, *chain.from_iterable(outcome.outputs)):
        if isinstance(count, int) and count > LARGEST_COUNT:
            raise ShapeError(
                f"a count of {count} passes {LARGEST_COUNT} (2**53 - 1), "
                "the largest integer that every JSON reader keeps exact"
            )


@record
class _Passage:
    """What a step needs to know of its links."""

    links: tuple[Links, ...]
    kept: frozenset[int]
    short: bool


@remembered("shapes", lambda passage, links: passage.short and len(links) <= MOST_REMEMBERED)
def _passage(links: tuple[Links, ...]) -> _Passage:
    own = enumerate(links[0] if links else ())
    reaches = [link.reach for each in links for link in each if link is not None]
    return _Passage(
        links=links,
        kept=frozenset(
            [
                axis
                for axis, link in own
                if link is not None and link.axis == axis and link.reach is IDENTITY
            ]
        ),
        short=all(reach is None or reach.short for reach in reaches),
    )


def _is_small(fed: Shapes, outcome: Outcome) -> bool:
    """Whether a step is worth remembering: a memo counts steps, not what they hold."""
    if outcome.inside is not None or outcome.split_links:
        return False
    return len(fed) + len(outcome.outputs) + len(outcome.weights) <= MOST_REMEMBERED
