"""Inputs brought together: element by element, end to end, and by products."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.arithmetic.dimension import UNKNOWN, Dimension, Shape
from shapewright.arithmetic.errors import ShapeError
from shapewright.formats.errors import InvalidDocument
from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.propagate import infer
from shapewright.network.report import Entry
from shapewright.operations.base import Operation
from shapewright.operations.merge import Broadcast, Concatenate, InputsDiffer
from shapewright.operations.product import BatchDot, MatrixProduct

U = UNKNOWN

OUTPUTS: dict[str, tuple[Operation, list[Shape], Shape]] = {
    "one input": (Broadcast(), [(2, 3)], (2, 3)),
    "sizes of 1 are stretched": (Broadcast(), [(2, 1, 4), (3, 1)], (2, 3, 4)),
    "nothing is stretched to nothing": (Broadcast(), [(0, 4), (1, 4)], (0, 4)),
    "a known size settles an unknown one": (Broadcast(), [(U, 3), (5, 3)], (5, 3)),
    "or leaves it open": (Broadcast(settle=False), [(U, 3), (5, 3)], (U, 3)),
    "a 1 settles nothing": (Broadcast(), [(U, 3), (1, 3)], (U, 3)),
    "the batch stands apart": (
        Broadcast(batched=True),
        [(4, 3), (U, 5, 1, 3), (4, 2, 1)],
        (4, 5, 2, 3),
    ),
    "end to end": (Concatenate(1), [(2, 3, 4), (2, 5, 4), (2, 1, 4)], (2, 9, 4)),
    "end to end, unknown": (Concatenate(-1), [(2, 3), (2, U)], (2, U)),
    "other axes are settled": (Concatenate(-1), [(U, 3), (2, 4)], (2, 7)),
    "or stay as in the first": (Concatenate(-1, settle=False), [(U, 3), (2, 4)], (U, 7)),
    "dot of vectors": (BatchDot((1, 1)), [(U, 3), (U, 3)], (U, 1)),
    "dot leaves the other axes": (BatchDot((2, -1)), [(4, 5, 3, 2), (4, 6, 3)], (4, 5, 2, 6)),
    "matrices": (MatrixProduct(), [(5, 3), (3, 4)], (5, 4)),
    "stacks of matrices": (MatrixProduct(), [(2, 1, 5, 3), (7, 3, 4)], (2, 7, 5, 4)),
    "a row": (MatrixProduct(), [(3,), (2, 3, 4)], (2, 4)),
    "a column": (MatrixProduct(), [(2, 5, 3), (3,)], (2, 5)),
    "a number": (MatrixProduct(), [(3,), (3,)], ()),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output(name: str) -> None:
    operation, inputs, expected = OUTPUTS[name]
    assert operation.infer(tuple(inputs)).outputs == (expected,)


FAULTS: dict[str, tuple[Operation, list[Shape], str]] = {
    "neither can be stretched": (
        Broadcast(),
        [(U, 7, 8), (1, 8), (6, 8)],
        "axis 1 of input 0 (?, 7, 8) has size 7, but axis 0 of input 2 (6, 8) has size 6",
    ),
    "the batch is not stretched": (
        Broadcast(batched=True),
        [(1, 3), (4, 3)],
        "axis 0 of input 0 (1, 3) has size 1, but axis 0 of input 1 (4, 3) has size 4",
    ),
    "an unknown size between does not hide it": (
        Broadcast(settle=False),
        [(5,), (U,), (7,)],
        "axis 0 of input 0 (5,) has size 5, but axis 0 of input 2 (7,) has size 7",
    ),
    "another axis": (
        Concatenate(1),
        [(U, 44, 44, 8), (U, 44, 45, 8)],
        "axis 2 of input 0 (?, 44, 44, 8) has size 44, "
        "but axis 2 of input 1 (?, 44, 45, 8) has size 45",
    ),
    "another rank": (
        Concatenate(1),
        [(2, 3), (2, 3, 4)],
        "input 0 (2, 3) has 2 axes, but input 1 (2, 3, 4) has 3",
    ),
    "no such axis": (Concatenate(2), [(2, 3)], "axis 2 does not exist in (2, 3), which has 2 axes"),
    "too many": (
        Broadcast(count=2),
        [(2,), (2,), (2,)],
        "needs exactly 2 inputs, got 3: ((2,), (2,), (2,))",
    ),
    "none": (Concatenate(0), [], "needs at least 1 input, got 0: ()"),
    "summed sizes": (
        BatchDot((2, 1)),
        [(4, 5, 3), (4, 6)],
        "axis 2 of input 0 (4, 5, 3) has size 3, but axis 1 of input 1 (4, 6) has size 6",
    ),
    "a known size is not an unknown one": (
        BatchDot((1, 1), exact=True),
        [(4, U), (4, 6)],
        "axis 1 of input 0 (4, ?) has size ?, but axis 1 of input 1 (4, 6) has size 6",
    ),
    "the batch is not summed": (
        BatchDot((1, 0)),
        [(4, 4), (4, 6)],
        "cannot sum over the batch axis: axis 0 of (4, 6)",
    ),
    "matrices that do not fit": (
        MatrixProduct(),
        [(2, 5, 3), (4, 6)],
        "axis 2 of input 0 (2, 5, 3) has size 3, but axis 0 of input 1 (4, 6) has size 4",
    ),
    "nothing to sum over": (
        MatrixProduct(),
        [(), (3,)],
        "a matrix product needs an axis to sum over, got ((), (3,))",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    operation, inputs, detail = FAULTS[name]
    with pytest.raises(ShapeError) as caught:
        operation.infer(tuple(inputs))
    assert caught.value.detail == detail


def test_a_fault_says_where_as_facts() -> None:
    with pytest.raises(InputsDiffer) as caught:
        Broadcast(batched=True).infer(((U, 7, 8), (U, 8), (U, 6, 8)))
    assert (caught.value.one, caught.value.other) == ((0, 1, 7), (2, 1, 6))


MACS: dict[str, tuple[Operation, list[Shape], Dimension]] = {
    "merges multiply nothing": (Broadcast(), [(2, 3), (2, 3)], 0),
    "dot": (BatchDot((2, 1)), [(U, 5, 3), (U, 3, 7)], 5 * 3 * 7),
    "dot of vectors": (BatchDot((1, 1)), [(8, 3), (8, 3)], 3),
    "matrices, the first axis being the batch": (MatrixProduct(), [(9, 3), (3, 4)], 3 * 4),
    "stacks of matrices": (MatrixProduct(), [(9, 2, 5, 3), (3, 4)], 2 * 5 * 3 * 4),
    "over an unknown axis": (BatchDot((2, 1)), [(4, U, 3), (4, 3)], U),
}


@pytest.mark.parametrize("name", MACS)
def test_macs(name: str) -> None:
    operation, inputs, macs = MACS[name]
    assert operation.infer(tuple(inputs)).macs == macs


LINKS: dict[str, tuple[Operation, list[Shape], list[list[int | None]]]] = {
    "a stretched element is seen by all": (
        Broadcast(),
        [(2, 1, 4), (5, 1)],
        [[0, None, 2], [1, None]],
    ),
    "the batch stays in front": (Broadcast(batched=True), [(2, 3), (2, 5, 3)], [[0, 2], [0, 1, 2]]),
    "the axis that grows is seen whole": (Concatenate(1), [(2, 3), (2, 4)], [[0, None], [0, None]]),
    "dot": (BatchDot((1, 2)), [(2, 3, 4), (2, 5, 3, 6)], [[0, None, 1], [0, 2, None, 3]]),
    "matrices": (MatrixProduct(), [(7, 5, 3), (3, 4)], [[0, 1, None], [None, 2]]),
}


@pytest.mark.parametrize("name", LINKS)
def test_what_becomes_of_each_axis(name: str) -> None:
    operation, inputs, expected = LINKS[name]
    links = operation.infer(tuple(inputs)).links
    assert [[link and link.axis for link in own] for own in links] == expected


# ---- as Keras's layers ---------------------------------------------------------------------------


def merged(inputs: Any, kind: str, shape: list[int | None], **parameters: Any) -> Entry:
    """The report entry of a merging layer on one or two inputs of this shape."""
    document = {
        "inputs": {"a": shape, "b": shape},
        "layers": [{"type": kind, "inputs": inputs, **parameters}],
    }
    return infer(read_stack(document, Options())).layers[0]


@pytest.mark.parametrize("inputs", [["a"], {"inputs": ["a"]}], ids=["by place", "by name"])
def test_a_list_of_one_is_a_list(inputs: Any) -> None:
    assert merged(inputs, "Add", [None, 3]).output_shapes == ((U, 3),)


@pytest.mark.parametrize("inputs", ["a", {"inputs": "a"}], ids=["by place", "by name"])
def test_one_tensor_is_no_list(inputs: Any) -> None:
    with pytest.raises(InvalidDocument) as caught:
        merged(inputs, "Add", [None, 3])
    assert caught.value.faults[0].detail == "is called on a list of tensors, not on one tensor"


def test_a_layer_that_is_not_told_its_inputs_is_called_on_the_tensor_before_it() -> None:
    document = {"input_shape": [None, 3], "layers": [{"type": "Concatenate"}]}
    with pytest.raises(InvalidDocument):
        read_stack(document, Options())


def test_dot_takes_one_axis_for_both() -> None:
    found = merged(["a", "b"], "Dot", [None, 5, 3], axes=-1)
    assert (found.output_shapes, found.macs) == (((U, 5, 5),), 5 * 5 * 3)
