"""Operations that take parts of tensors, move their axes, reduce, repeat and join them."""

from __future__ import annotations

from typing import Final

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Shape
from shapewright.arithmetic.errors import ShapeError
from shapewright.arithmetic.reach import IDENTITY, Reach
from shapewright.operations.base import Link, Operation
from shapewright.operations.einstein import EinsteinSum
from shapewright.operations.gather import Gather, GatherAlong
from shapewright.operations.indexing import WHOLE, Index, Slice
from shapewright.operations.move import MoveAxes, ReverseAxes, SwapAxes
from shapewright.operations.reduction import Reduce, ShapeOf
from shapewright.operations.repeat import Repeat, Tile
from shapewright.operations.split import Split, Unstack
from shapewright.operations.squeeze import ExpandDims, Squeeze, Stack

N: Final = UNKNOWN
X: Final[Shape] = (N, 6, 1, 4)

OUTPUTS: Final[list[tuple[Operation, tuple[Shape, ...], tuple[Shape, ...]]]] = [
    (Index((Slice(1, -1),)), ((8, 3),), ((6, 3),)),
    (Index((WHOLE, Slice(0, None, 3))), ((8, 7),), ((8, 3),)),
    (Index((WHOLE, Slice(None, None, -2))), ((8, 7),), ((8, 4),)),
    (Index((WHOLE, Slice(5, 2))), ((8, 7),), ((8, 0),)),
    (Index((WHOLE, Slice(-100, 100))), ((8, 7),), ((8, 7),)),
    (Index((0, -1)), ((8, 7, 5),), ((5,),)),
    (Index((..., 0)), ((8, 7, 5),), ((8, 7),)),
    (Index((0, ..., None, Slice(2))), ((8, 7, 5),), ((7, 1, 3),)),
    (Index((None, ...)), ((8,),), ((1, 8),)),
    (Index((Slice(0, 3), 2)), ((N, N),), ((N,),)),
    (Reduce(), (X,), ((),)),
    (Reduce(keepdims=True), (X,), ((1, 1, 1, 1),)),
    (Reduce((1, -1)), (X,), ((N, 1),)),
    (Reduce((1, -1), keepdims=True), (X,), ((N, 1, 1, 1),)),
    (Reduce(()), (X,), (X,)),
    (ShapeOf(), (X,), ((4,),)),
    (Squeeze(), (X,), ((N, 6, 4),)),
    (Squeeze((-2,)), (X,), ((N, 6, 4),)),
    (Squeeze((0,)), (X,), ((6, 1, 4),)),
    (ExpandDims((1, -1)), ((5, 6),), ((5, 1, 6, 1),)),
    (ExpandDims((-1,), size=3), ((5, 6),), ((5, 6, 3),)),
    (Stack(0), ((5, 6), (5, 6)), ((2, 5, 6),)),
    (Stack(-1), ((N, 6), (5, 6), (5, N)), ((N, 6, 3),)),
    (Split(-1, 2), (X,), ((N, 6, 1, 2),) * 2),
    (Split(0, 2), (X,), (X,) * 2),
    (Split(1, (1, 4)), (X,), ((N, 1, 1, 4), (N, 3, 1, 4), (N, 2, 1, 4))),
    (Split(0, (2,)), (X,), ((2, 6, 1, 4), X)),
    (Split(0, 3, uneven=True), ((8,),), ((3,), (3,), (2,))),
    (Split(0, 3, uneven=True), ((2,),), ((1,), (1,), (0,))),
    (Unstack(1), ((5, 3, 2),), ((5, 2),) * 3),
    (Unstack(0, 2), ((N, 3),), ((3,),) * 2),
    (Repeat(3, 1), (X,), ((N, 18, 1, 4),)),
    (Repeat(3), ((2, 5),), ((30,),)),
    (Repeat(0, 0), ((2, 5),), ((0, 5),)),
    (Tile((2, 3)), ((4, 5, 6),), ((4, 10, 18),)),
    (Tile((2, 3)), ((5,),), ((2, 15),)),
    (MoveAxes((0,), (-1,)), ((1, 2, 3),), ((2, 3, 1),)),
    (MoveAxes((0, 1), (2, 0)), ((1, 2, 3),), ((2, 3, 1),)),
    (SwapAxes(0, -1), ((1, 2, 3),), ((3, 2, 1),)),
    (SwapAxes(1, -2), ((1, 2, 3),), ((1, 2, 3),)),
    (ReverseAxes(), ((1, 2, 3),), ((3, 2, 1),)),
    (Gather(), ((N, 5), (3, 2)), ((3, 2),)),
    (Gather(1), ((N, 5, 4), (3, 2)), ((N, 3, 2, 4),)),
    (Gather(-1), ((N, 5, 4), ()), ((N, 5),)),
    (GatherAlong(1), ((N, 5, 4), (1, 2, 4)), ((N, 2, 4),)),
    (GatherAlong(), ((3, 5), (7,)), ((7,),)),
    (EinsteinSum(("bij", "bjk"), "bik"), ((N, 3, 4), (N, 4, 5)), ((N, 3, 5),)),
    (EinsteinSum(("...ij", "jk"), "...ik"), ((N, 2, 3, 4), (4, 5)), ((N, 2, 3, 5),)),
    (EinsteinSum(("...i", "...i"), "..."), ((N, 2, 3), (2, 3)), ((N, 2),)),
    (EinsteinSum(("...i", "i"), "i"), ((N, 2, 3), (3,)), ((3,),)),
    (EinsteinSum(("ii",), "i"), ((3, 3),), ((3,),)),
]


@pytest.mark.parametrize(("operation", "inputs", "outputs"), OUTPUTS, ids=str)
def test_outputs(
    operation: Operation, inputs: tuple[Shape, ...], outputs: tuple[Shape, ...]
) -> None:
    outcome = operation.infer(inputs)
    assert outcome.outputs == outputs
    for links in (outcome.links, *outcome.split_links):
        assert all(len(own) == len(shape) for own, shape in zip(links, inputs, strict=False))


FAULTS: Final[list[tuple[Operation, tuple[Shape, ...], str]]] = [
    (Index((WHOLE, WHOLE, 0)), ((8, 7),), "takes parts of 3 axes, but (8, 7) has 2"),
    (Index((0, 7)), ((8, 7),), "element 7 was asked for on an axis of 7, in (8, 7)"),
    (Index((-9,)), ((8, 7),), "element -9 was asked for on an axis of 8"),
    (Reduce((2,)), ((8, 7),), "axis 2 does not exist in (8, 7), which has 2 axes"),
    (Reduce((1, -1)), ((8, 7),), "(1, -1) names an axis of (8, 7) twice"),
    (Squeeze((0,)), ((8, 1),), "axis 0 of (8, 1) has size 8, needs 1"),
    (ExpandDims((4,)), ((8, 1),), "axis 4 does not exist"),
    (Stack(3), ((8, 1), (8, 1)), "axis 3 does not exist"),
    (Stack(0), ((8, 1), (8,)), "input 0 (8, 1) has 2 axes, but input 1 (8,) has 1"),
    (Stack(0), ((8, 1), (7, 1)), "axis 0 of input 0 (8, 1) has size 8"),
    (Stack(0), (), "needs at least 1 input, got 0"),
    (Split(0, 3), ((8,),), "axis 0 of (8,) does not divide into 3 pieces"),
    (Split(0, (5, 9)), ((8,),), "axis 0 of (8,) ends at 8, before a piece begins at 9"),
    (Split(0, (5, 3)), ((8,),), "ends at 3, before a piece begins at 5"),
    (Unstack(0), ((N,),), "the number of outputs needs a known size on axis 0"),
    (Unstack(0, 4), ((5,),), "axis 0 of (5,) was to have 4 elements"),
    (Unstack(0), ((1000,),), "at most 128 outputs can be made, got 1000"),
    (Repeat(2, 3), ((5,),), "axis 3 does not exist"),
    (MoveAxes((0, -2), (0, 1)), ((5, 6),), "(0, -2) names an axis of (5, 6) twice"),
    (SwapAxes(0, 2), ((5, 6),), "axis 2 does not exist"),
    (Gather(2), ((5, 6), (3,)), "axis 2 does not exist"),
    (Gather(0), ((5, 6),), "needs exactly 2 inputs, got 1"),
    (
        GatherAlong(0),
        ((5, 6), (3,)),
        "(5, 6) has 2 axes, but what numbers its elements, (3,), has 1",
    ),
    (GatherAlong(0), ((5, 6), (3, 4)), "has size 6"),
    (EinsteinSum(("ij",), "ji"), ((5,),), "`ij` has another number of axes than (5,)"),
    (EinsteinSum(("i...",), "i"), ((),), "`i...` has another number of axes than ()"),
    (EinsteinSum(("ij", "jk"), "ik"), ((5, 6), (7, 8)), "has size 6"),
]


@pytest.mark.parametrize(("operation", "inputs", "words"), FAULTS, ids=str)
def test_faults(operation: Operation, inputs: tuple[Shape, ...], words: str) -> None:
    with pytest.raises(ShapeError) as caught:
        operation.infer(inputs)
    assert words in caught.value.detail


LINKS: Final[list[tuple[Operation, Shape, tuple[Link | None, ...]]]] = [
    (Index((WHOLE, Slice(2, None, 3))), (8, 9), (Link(0), Link(1, Reach(3, 2)))),
    (Index((WHOLE, Slice(-4, None))), (8, 9), (Link(0), Link(1, Reach(1, 5)))),
    (Index((WHOLE, Slice(-4, None))), (8, N), (Link(0), Link(1, Reach(1, N)))),
    (Index((WHOLE, Slice(None, None, -1))), (8, 9), (Link(0), Link(1, None))),
    (Index((None, 3, ...)), (8, 9), (None, Link(1))),
    (Reduce((1,)), (8, 9, 7), (Link(0), None, Link(1))),
    (Reduce((1,), keepdims=True), (8, 9, 7), (Link(0), None, Link(2))),
    (Squeeze(), (8, 1, 7), (Link(0), None, Link(1))),
    (ExpandDims((0, 2)), (8, 9), (Link(1), Link(3))),
    (Stack(1), (8, 9), (Link(0), Link(2))),
    (Unstack(0), (2, 9), (None, Link(0))),
    (Repeat(2, 1), (8, 9), (Link(0), Link(1, Reach(1, 0, (0, 0), (0, 0))))),
    (Tile((3, 1)), (8, 9), (Link(0, None), Link(1))),
    (Gather(0), (8, 9), (None, Link(1))),
    (EinsteinSum(("ij",), "j"), (8, 9), (None, Link(0))),
]


@pytest.mark.parametrize(("operation", "shape", "links"), LINKS, ids=str)
def test_what_axes_become(
    operation: Operation, shape: Shape, links: tuple[Link | None, ...]
) -> None:
    inputs = (shape, (5,)) if isinstance(operation, Gather) else (shape,)
    assert operation.infer(inputs).links[0] == links


def test_a_whole_axis_is_not_moved() -> None:
    (links,) = Index((WHOLE,)).infer(((8, 9),)).links
    assert all(link is not None and link.reach is IDENTITY for link in links)


def test_each_piece_begins_where_the_one_before_it_ends() -> None:
    pieces = Split(1, (1, 4)).infer(((8, 9),)).split_links
    assert [links[0][1] for links in pieces] == [Link(1, Reach(1, start)) for start in (0, 1, 4)]


def test_multiply_adds_of_an_einstein_sum() -> None:
    scores = EinsteinSum(("bhqd", "bhkd"), "bhqk")
    assert scores.infer(((N, 2, 3, 4), (N, 2, 5, 4))).macs == 2 * 3 * 5 * 4
    assert scores.infer(((N, 2, N, 4), (N, 2, 5, 4))).macs is N
    assert EinsteinSum(("bij",), "bji").infer(((N, 2, 3),)).macs == 0
