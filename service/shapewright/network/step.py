"""One operation fed with shapes: what comes of it, counted once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shapewright.arithmetic.dimension import Dimension, Shapes, is_known
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import IDENTITY
from shapewright.memo import Memo
from shapewright.operations.base import (
    Links,
    Operation,
    Outcome,
    params_of,
    per_sample,
    trainable_params_of,
)

LARGEST_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""

MOST_AXES: Final = 64
"""How many axes a tensor may have, as in NumPy."""

MOST_REMEMBERED: Final = 32
"""How many inputs, outputs and weights together a step has at most that is remembered."""


@dataclass(frozen=True, slots=True, eq=False)
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


_LINKS: Final[Memo[tuple[Links, ...], tuple[Links, ...]]] = Memo("shapes")


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
    _check(outcome)
    small = _is_small(fed, outcome)
    links = _LINKS.get(outcome.links) if small else None
    if links is None:
        links = _LINKS.keep(outcome.links, outcome.links) if small else outcome.links
    return Step(
        operation=operation,
        fed=fed,
        outcome=outcome,
        outputs=shared(outcome.outputs) if small else outcome.outputs,
        params=params_of(outcome.weights),
        trainable_params=trainable_params_of(outcome.weights),
        macs=outcome.macs,
        elements=sum(map(per_sample, outcome.outputs)),
        links=links,
        kept=_kept(links) if small and len(fed) == len(outcome.outputs) == 1 else None,
        small=small,
    )


def _check(outcome: Outcome) -> None:
    """Insist on few axes, and on counts that survive a reader that keeps numbers as doubles."""
    for shape in outcome.outputs:
        if len(shape) > MOST_AXES:
            raise ShapeError(f"a tensor has at most {MOST_AXES} axes, got {len(shape)}")
    counts = [
        outcome.macs,
        params_of(outcome.weights),
        *map(per_sample, outcome.outputs),
        *(dimension for shape in outcome.outputs for dimension in shape),
    ]
    for count in counts:
        if is_known(count) and count > LARGEST_COUNT:
            raise ShapeError(
                f"a count of {count} passes {LARGEST_COUNT} (2**53 - 1), "
                "the largest integer that every JSON reader keeps exact"
            )


def _kept(links: tuple[Links, ...]) -> frozenset[int]:
    return frozenset(
        axis
        for own in links[:1]
        for axis, link in enumerate(own)
        if link is not None and link.axis == axis and link.reach is IDENTITY
    )


def _is_small(fed: Shapes, outcome: Outcome) -> bool:
    """Whether a step is worth remembering: a memo counts steps, not what they hold."""
    if outcome.inside is not None or outcome.split_links:
        return False
    if len(fed) + len(outcome.outputs) + len(outcome.weights) > MOST_REMEMBERED:
        return False
    links = (link for own in outcome.links for link in own)
    return all(link is None or link.reach is None or link.reach.short for link in links)
