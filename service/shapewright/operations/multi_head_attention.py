"""Attention by several heads at once, between learned projections.

Source: Vaswani et al., arXiv 1706.03762; with fewer heads for keys and values Ainslie et al.,
arXiv 2305.13245.
"""

from __future__ import annotations

from shapewright.arithmetic.dimension import (
    UNKNOWN,
    Dimension,
    Shape,
    Shapes,
    is_known,
    product,
    show,
)
from shapewright.arithmetic.errors import ShapeError
from shapewright.operations.attention import check_alike, check_inputs
from shapewright.operations.base import (
    Outcome,
    WeightTemplate,
    axis_of,
    kept,
    per_sample,
    resolve_all,
)
from shapewright.operations.merge import Site, stretched
from shapewright.record import record


@record
class MultiHeadAttention:
    """Projects queries, keys and values for each head, attends, and projects the means.

    Inputs are `(batch, ..., features)`. `axes` are those along which positions are attended to,
    by default all between batch and features; the heads stand in the place of the features.
    `key_heads` are as many keys and values, each shared by the same number of `heads`. `output`
    are the sizes that the features become, by default what the query had. `gated` means multiply
    with a further projection of the query; `scores` asks for the scores too.

    `rank` insists on a number of axes, and `alike` on as many features of a value as of a query.
    With `square` a key axis of the scores is known only where the query's is.
    """

    heads: int
    key_heads: int
    key_size: int
    value_size: int
    axes: tuple[int, ...] = ()
    output: tuple[int, ...] = ()
    gated: bool = False
    scores: bool = False
    own_keys: int = 0
    rank: int | None = None
    alike: bool = False
    square: bool = False
    weights: tuple[WeightTemplate, ...] = ()

    def infer(self, inputs: Shapes) -> Outcome:
        """One mean for each position of the query; the scores `(batch, ..., heads, ...)`.

        Raises:
            ShapeError: not three inputs, axes that differ in number or do not exist, keys and
                values of different sizes, or features that are unknown.
            InputsDiffer: the axes that are not attended to do not fit.
        """
        check_inputs(inputs, 2)
        query, key, value = inputs
        self._check(query, key, value)
        axes = self._attended(query)
        rows = tuple(
            size
            if axis in axes
            else stretched([Site(i, axis, shape[axis]) for i, shape in enumerate(inputs)], inputs)
            for axis, size in enumerate(query[:-1])
        )
        output = (*rows, *(self.output or query[-1:]))
        links = (kept(len(query), len(query) - 1), *(kept(len(key), *axes, len(key) - 1),) * 2)
        return Outcome(
            outputs=(output, self._scores(rows, key, axes)) if self.scores else (output,),
            weights=resolve_all(self.weights, inputs),
            macs=self._macs(query, key, value, axes),
            links=links,
            split_links=(links, ()) if self.scores else (),
        )

    def _check(self, query: Shape, key: Shape, value: Shape) -> None:
        inputs = (query, key, value)
        rank = self.rank or len(query)
        if any(len(shape) != rank for shape in inputs):
            raise ShapeError(f"query, key and value need {rank} axes each, got {show(inputs)}")
        # An open size here and a known one there will not do: nothing says that they agree.
        if key[1:-1] != value[1:-1]:
            raise ShapeError(
                f"key and value need the same sizes between batch and features, "
                f"got {show(key)} and {show(value)}"
            )
        if self.alike:
            check_alike("features", inputs, (0, query[-1]), (2, value[-1]))

    def _attended(self, query: Shape) -> tuple[int, ...]:
        axes = tuple(axis_of(query, axis, "axes") for axis in self.axes)
        if not axes and len(query) < 3:
            raise ShapeError(f"there is no axis to attend along in a query {show(query)}", "axes")
        return axes or tuple(range(1, len(query) - 1))

    def _scores(self, rows: Shape, key: Shape, axes: tuple[int, ...]) -> Shape:
        """The axes that stay, the heads at their end, then the query's, then the key's."""
        queries: Shape = (*rows, self.heads)
        keys: Shape = (*key[:-1], self.key_heads)
        stay = (size for axis, size in enumerate(queries) if axis not in axes)
        seen = (
            UNKNOWN if self.square and not is_known(queries[axis]) else keys[axis] + self.own_keys
            for axis in axes
        )
        return (*stay, *(queries[axis] for axis in axes), *seen)

    def _macs(self, query: Shape, key: Shape, value: Shape, axes: tuple[int, ...]) -> Dimension:
        """Projections, scores and weighted sums; `pairs` are of one head's query and key."""
        positions = product(query[1:-1]) * self.heads
        keys: Shape = (*key[:-1], self.heads)
        pairs = positions * product(keys[axis] + self.own_keys for axis in axes)
        of_query = query[-1] * (self.key_size + self.gated * self.value_size)
        of_output = self.value_size * product(self.output or query[-1:])
        return (
            positions * (of_query + of_output)
            + self.key_heads * per_sample(key) * self.key_size
            + self.key_heads * per_sample(value) * self.value_size
            + pairs * (self.key_size + self.value_size)
        )
