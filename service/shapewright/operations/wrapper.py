"""Operations around operations."""

from __future__ import annotations

from dataclasses import replace

from shapewright.arithmetic.dimension import Shape, Shapes, certainly_below, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import compose
from shapewright.operations.base import Link, Links, Operation, Outcome, Weight, kept, prefixed
from shapewright.record import record


@record
class Frozen:
    """The same operation with weights that do not train."""

    operation: Operation

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, no weight trainable."""
        outcome = self.operation.infer(inputs)
        weights = tuple(replace(weight, trainable=False) for weight in outcome.weights)
        return replace(outcome, weights=weights)


@record
class Sequence:
    """Operations one after another, as one layer; the window is that of the first that has one."""

    operations: tuple[Operation, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """Outputs of the last; weights, macs and notes of all."""
        total = Outcome(outputs=inputs, links=tuple(kept(len(shape)) for shape in inputs))
        for operation in self.operations:
            step = operation.infer(total.outputs)
            total = Outcome(
                outputs=step.outputs,
                weights=total.weights + step.weights,
                macs=total.macs + step.macs,
                window=total.window or step.window,
                notes=total.notes + step.notes,
                links=tuple(chain(links, step.links) for links in total.links),
            )
        return total


def chain(first: Links, steps: tuple[Links, ...]) -> Links:
    """What an axis becomes after two operations; the second takes the one output of the first."""
    if len(steps) != 1:
        return (None,) * len(first)
    return tuple(None if link is None else _after(link, steps[0][link.axis]) for link in first)


def _after(first: Link, second: Link | None) -> Link | None:
    if second is None:
        return None
    if first.reach is None or second.reach is None:
        return Link(second.axis, None)
    return Link(second.axis, compose(first.reach, second.reach))


@record
class Named:
    """The same operation with weights that stand under a name."""

    name: str
    operation: Operation

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, the name before that of every weight."""
        outcome = self.operation.infer(inputs)
        return replace(outcome, weights=prefixed(outcome.weights, self.name))


@record
class Fed:
    """An operation fed by number: an operand is an input that arrives, or a constant's shape."""

    operation: Operation
    operands: tuple[int | Shape, ...]

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, with links for the inputs as they arrive."""
        outcome = self.operation.infer(
            tuple(inputs[given] if isinstance(given, int) else given for given in self.operands)
        )
        split = tuple(self._arriving(links, inputs) for links in outcome.split_links)
        return replace(outcome, links=self._arriving(outcome.links, inputs), split_links=split)

    def _arriving(self, links: tuple[Links, ...], inputs: Shapes) -> tuple[Links, ...]:
        """An axis of an input that is fed twice goes on where both uses agree."""
        return tuple(
            tuple(
                uses[0] if all(use == uses[0] for use in uses) else None
                for uses in zip(*self._uses(links, index, len(shape)), strict=True)
            )
            for index, shape in enumerate(inputs)
        )

    def _uses(self, links: tuple[Links, ...], index: int, rank: int) -> list[Links]:
        """The links of an input in each place where it is fed; one that is not is seen whole."""
        used = [own for given, own in zip(self.operands, links, strict=False) if given == index]
        return used or [(None,) * rank]


def fed(operation: Operation, operands: tuple[int | Shape, ...], count: int) -> Operation:
    """The operation with these of `count` inputs; as it is if those are all of them in order."""
    return operation if operands == tuple(range(count)) else Fed(operation, operands)


@record
class SpectrallyNormalized:
    """An operation one of whose weights is divided by its largest singular value.

    The weight is the one of `names` that exists; the estimate of its first singular vector goes on
    from call to call and does not train. Source: Miyato et al., arXiv 1802.05957.
    """

    operation: Operation
    names: tuple[str, ...]
    vector: str

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, with one weight more.

        Raises:
            ShapeError: it has no weight of such a name.
        """
        outcome = self.operation.infer(inputs)
        found = [weight for weight in outcome.weights if weight.name in self.names]
        if not found:
            raise ShapeError(f"needs a layer with a weight {' or '.join(self.names)}", "layer")
        vector = Weight(self.vector, (1, found[0].shape[-1]), trainable=False)
        return replace(outcome, weights=(*outcome.weights, vector))


@record
class BatchOptional:
    """An operation on a batch of samples that takes a single sample too, without the batch axis.

    `rank` counts the batch axis, `axes` are the axes in words. Only the batch may be empty, unless
    `may_be_empty`.
    """

    operation: Operation
    rank: int
    axes: str
    may_be_empty: bool = False

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome; for a single sample, without the batch axis.

        Raises:
            ShapeError: another number of axes, or one besides the batch without elements.
        """
        single = all(len(shape) == self.rank - 1 for shape in inputs)
        batches = tuple((1, *shape) for shape in inputs) if single else inputs
        for given, shape in zip(inputs, batches, strict=True):
            if len(shape) != self.rank:
                raise ShapeError(
                    f"needs {self.rank} axes ({self.axes}), or {self.rank - 1} without the batch, "
                    f"got {len(given)}: {show(given)}"
                )
            if not self.may_be_empty and any(certainly_below(size, 1) for size in shape[1:]):
                raise ShapeError(f"only the batch may be empty, got {show(given)}")
        outcome = self.operation.infer(batches)
        return _without_batch(outcome) if single else outcome


def _without_batch(outcome: Outcome) -> Outcome:
    """The outcome of a batch of one, with its axes counted as if the batch axis were not there."""
    window = outcome.window
    return replace(
        outcome,
        outputs=tuple(shape[1:] for shape in outcome.outputs),
        window=window and replace(window, axes=tuple(axis - 1 for axis in window.axes)),
        links=tuple(map(_shifted, outcome.links)),
        split_links=tuple(tuple(map(_shifted, links)) for links in outcome.split_links),
    )


def _shifted(links: Links) -> Links:
    return tuple(link and replace(link, axis=link.axis - 1) for link in links[1:])


@record
class TimeFirst:
    """An operation on (batch, time, ...) fed with (time, batch, ...); so is its first output.

    Inputs with another number of axes than `rank` are handed on as they are.
    """

    operation: Operation
    rank: int

    def infer(self, inputs: Shapes) -> Outcome:
        """The operation's own outcome, with the axes in this order; links are not followed."""
        turned = all(len(shape) == self.rank for shape in inputs)
        if not turned:
            return self.operation.infer(inputs)
        outcome = self.operation.infer(tuple(map(_turned, inputs)))
        first, *others = outcome.outputs
        return replace(outcome, outputs=(_turned(first), *others), links=(), split_links=())


def _turned(shape: Shape) -> Shape:
    return (shape[1], shape[0], *shape[2:])
