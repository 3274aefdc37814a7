"""What every operation is: a frozen value with one rule, `infer`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import prod
from typing import Any, Protocol, TypeAlias

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, is_known, product, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import IDENTITY, Reach, of_transposed, of_window
from shapewright.arithmetic.window import Placement
from shapewright.record import record


@record
class Weight:
    """An array that belongs to a layer; `name` may be a path such as `query/kernel`."""

    name: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def size(self) -> int:
        """How many numbers the array holds."""
        return prod(self.shape)


@record
class Note:
    """Something worth knowing that no number says; `code` is stable, `message` is for people."""

    code: str
    message: str


@record
class Link:
    """An input axis that goes on as an output axis: which inputs along it each output sees.

    `reach` is `None` where that cannot be said in closed form.
    """

    axis: int
    reach: Reach | None = IDENTITY


Links: TypeAlias = tuple[Link | None, ...]
"""One for each axis of an input; `None` for an axis that every output sees the whole of."""


@lru_cache(4096)
def kept(rank: int, *mixed: int) -> Links:
    """Every axis goes on in its place, index for index, except the `mixed` ones."""
    return tuple(None if axis in mixed else Link(axis) for axis in range(rank))


@record
class Average:
    """What an average divides by: a fixed `divisor`, or how many elements its window covers.

    Elements in the padding count with `with_padding`; those past the padding never do.
    """

    with_padding: bool
    divisor: int | None = None


@record
class WindowReport:
    """The geometry of a window operation; one placement for each spatial axis, in shape order.

    `axes` are the axes of the input shape on which the placements lie; `mode` is the padding word
    that was asked for, or `explicit`. `tap_macs` are the multiply-adds of one tap of one window,
    for one sample. `average` is set where the window makes an average.
    """

    axes: tuple[int, ...]
    placements: tuple[Placement, ...]
    mode: str
    transposed: bool = False
    tap_macs: Dimension = 0
    average: Average | None = None

    def links(self, rank: int, *mixed: int) -> Links:
        """What input axes become: its own are slid over, `mixed` are lost, others stay."""
        reach_of = of_transposed if self.transposed else of_window
        links = list(kept(rank, *mixed))
        for axis, placement in zip(self.axes, self.placements, strict=True):
            links[axis] = Link(axis, reach_of(placement))
        return tuple(links)


@record
class Outcome:
    """All that an operation says of one call.

    `macs` are multiply-adds for one sample. `links` say, by input, what its axes become in every
    output; an input without links is seen as a whole. Where outputs differ in this,
    `split_links` has the links of each. `rearranged` says that the output has the elements of the
    input, each once, under other axes. `inside` is what a nested network has to say of its own
    nodes; it is opaque here.
    """

    outputs: Shapes
    weights: tuple[Weight, ...] = ()
    macs: Dimension = 0
    window: WindowReport | None = None
    links: tuple[Links, ...] = ()
    split_links: tuple[tuple[Links, ...], ...] = ()
    rearranged: bool = False
    notes: tuple[Note, ...] = ()
    inside: Any = None


class Operation(Protocol):
    """One rule: the shapes of the inputs in, an `Outcome` out.

    Raises:
        ShapeError: the operation does not accept these shapes.
    """

    def infer(self, inputs: Shapes) -> Outcome: ...


# ---- weights, declared before the input is known ------------------------------------------------


@record
class Axis:
    """A weight's dimension that is taken from an input: `shape[axis] * times // per`."""

    axis: int = -1
    input: int = 0
    times: int = 1
    per: int = 1


@record
class Rest:
    """A weight's dimensions that are all axes of the input but the first, `shared` ones being 1.

    `shared` count the axes after the first from 0, or from the end where they are negative.
    """

    shared: tuple[int, ...] = ()


Part: TypeAlias = int | Axis | Rest


@record
class WeightTemplate:
    """A weight whose shape waits for the input: integers, and references into input shapes."""

    name: str
    shape: tuple[Part, ...]
    trainable: bool = True

    def resolve(self, inputs: Shapes) -> Weight:
        """The weight for these inputs.

        Raises:
            ShapeError: a dimension that the weight needs is unknown or does not exist.
        """
        dimensions: list[int] = []
        for part in self.shape:
            if isinstance(part, int):
                dimensions.append(part)
            elif isinstance(part, Axis):
                size = known_axis(inputs[part.input], part.axis, f"the weight `{self.name}`")
                dimensions.append(size * part.times // part.per)
            else:
                rest = inputs[0][1:]
                shared = {axis_of(rest, axis, "shared") for axis in part.shared}
                dimensions.extend(
                    1 if axis in shared else known_axis(rest, axis, f"the weight `{self.name}`")
                    for axis in range(len(rest))
                )
        return Weight(self.name, tuple(dimensions), self.trainable)


def params_of(weights: Iterable[Weight]) -> int:
    """How many numbers the arrays hold together."""
    return sum([weight.size for weight in weights])


def trainable_params_of(weights: Iterable[Weight]) -> int:
    """How many of them train."""
    return sum([weight.size for weight in weights if weight.trainable])


def resolve_all(templates: Sequence[WeightTemplate], inputs: Shapes) -> tuple[Weight, ...]:
    """Every template, resolved in order."""
    return tuple([template.resolve(inputs) for template in templates])


def prefixed(weights: Sequence[Weight], prefix: str) -> tuple[Weight, ...]:
    """The weights of a part of a layer, under the part's name."""
    return tuple(replace(weight, name=f"{prefix}/{weight.name}") for weight in weights)


# ---- what rules ask of their inputs --------------------------------------------------------------


def one(inputs: Shapes) -> Shape:
    """The only input's shape.

    Raises:
        ShapeError: there are none, or several.
    """
    if len(inputs) != 1:
        raise ShapeError(f"takes exactly one input, got {len(inputs)}: {show(inputs)}")
    return inputs[0]


def known_axis(shape: Shape, axis: int, needed_by: str) -> int:
    """The size of an axis that has to be known.

    Raises:
        ShapeError: there is no such axis, or its size is unknown.
    """
    size = shape[axis_of(shape, axis)]
    if not is_known(size):
        raise ShapeError(f"{needed_by} needs a known size on axis {axis}, got {show(shape)}")
    return size


def axis_of(shape: Shape, axis: int, parameter: str | None = None) -> int:
    """The axis counted from the front.

    Raises:
        ShapeError: the shape has no such axis.
    """
    if not -len(shape) <= axis < len(shape):
        raise ShapeError(
            f"axis {axis} does not exist in {show(shape)}, which has {len(shape)} axes", parameter
        )
    return axis % len(shape)


def expect_rank(shape: Shape, rank: int, what: str) -> None:
    """Insist on a number of axes, the batch axis included.

    Raises:
        ShapeError: the shape has more or fewer; `what` says what they stand for.
    """
    if len(shape) != rank:
        raise ShapeError(f"needs {rank} axes ({what}), got {len(shape)}: {show(shape)}")


def with_axis(shape: Shape, axis: int, size: Dimension) -> Shape:
    """The shape with one axis replaced."""
    index = axis % len(shape)
    return (*shape[:index], size, *shape[index + 1 :])


def per_sample(shape: Shape) -> Dimension:
    """How many elements one sample of the batch holds."""
    return product(shape[1:])
