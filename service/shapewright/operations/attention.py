"""Attention: each query takes a mean of values, weighted by how well their keys match it.

Inputs are a query, a key and a value.
"""

from __future__ import annotations

from shapewright.arithmetic.dimension import Dimension, Shape, Shapes, certainly_differ, show
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.base import Link, Outcome, WeightTemplate, per_sample, resolve_all
from shapewright.operations.merge import column, expect_count, stretch_links, stretched
from shapewright.record import record

NAMES = ("query", "key", "value")


@record
class Attention:
    """Attention as it is, on inputs `(..., positions, features)`.

    A score is the dot product of a query and a key, or, if `additive`, a sum over the features of
    both added up. `scores` asks for the scores too.
    """

    additive: bool = False
    scores: bool = False
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """A mean for each query; `macs = queries * keys * (features + features of a value)`.

        Axes before the positions are stretched to fit.

        Raises:
            ShapeError: not three inputs, one without positions and features, queries that cannot
                be compared with the keys, or another number of values than of keys.
            InputsDiffer: the axes before do not fit.
        """
        check_inputs(inputs, 2)
        query, key, value = inputs
        features = self._features(inputs)
        check_alike("positions", inputs, (1, key[-2]), (2, value[-2]))
        rank = max(map(len, inputs))
        before = tuple(stretched(column(inputs, axis), inputs) for axis in range(-rank, -2))
        scores: Shape = (*before, query[-2], key[-2])
        output: Shape = (*before, query[-2], value[-1])
        own = [stretch_links(shape[:-2], before) for shape in inputs]
        row, last = Link(rank - 2), Link(rank - 1)
        links = ((*own[0], row, None), (*own[1], None, None), (*own[2], None, last))
        score_links = (links[0], (*own[1], last, None))
        return Outcome(
            outputs=(output, scores) if self.scores else (output,),
            weights=resolve_all(self.weights, inputs),
            macs=per_sample(scores) * (features + value[-1]),
            links=links,
            split_links=(links, score_links) if self.scores else (),
        )

    def _features(self, inputs: Shapes) -> Dimension:
        """How many features a score sums over."""
        if self.additive:
            return stretched(column(inputs, -1)[:2], inputs)
        check_alike("features", inputs, (0, inputs[0][-1]), (1, inputs[1][-1]))
        return inputs[0][-1]


def check_inputs(inputs: Shapes, rank: int) -> None:
    """Insist on a query, a key and a value, each of `rank` axes or more.

    Raises:
        ShapeError: there are fewer inputs, or fewer axes.
    """
    expect_count(inputs, len(NAMES))
    for name, shape in zip(NAMES, inputs, strict=True):
        if len(shape) < rank:
            raise ShapeError(f"needs a {name} with {rank} axes or more, got {show(shape)}")


def check_alike(
    what: str, inputs: Shapes, one: tuple[int, Dimension], other: tuple[int, Dimension]
) -> None:
    """Insist that two inputs, given by number, have as many of something.

    Raises:
        ShapeError: they certainly have not.
    """
    if certainly_differ(one[1], other[1]):
        raise ShapeError(
            " but ".join(
                f"the {NAMES[index]} {show(inputs[index])} has {show(size)} {what}"
                for index, size in (one, other)
            )
        )
