"""Branches that do not fit: where they parted, which rounding split them, and what mends it."""

from __future__ import annotations

from typing import Any

import pytest

from shapewright.formats.options import Options
from shapewright.formats.stack import read_stack
from shapewright.network.differences import Divergence, Repair, Rounding
from shapewright.network.propagate import infer
from shapewright.network.report import ShapesDoNotFit

Stack = dict[str, Any]


def u_net(size: int, **up: Any) -> Stack:
    """Two poolings down, one transposed layer up to the skip."""
    return {
        "input_shape": [None, size, size, 3],
        "layers": [
            {"type": "Conv2D", "name": "encode", "filters": 4, "kernel_size": 3, "padding": "same"},
            {"type": "MaxPooling2D", "name": "half"},
            {"type": "MaxPooling2D", "name": "quarter"},
            {
                "type": "Conv2DTranspose",
                "name": "up",
                "filters": 4,
                "kernel_size": 2,
                "strides": 2,
                **up,
            },
            {"type": "Concatenate", "name": "skip", "inputs": ["up", "half"]},
        ],
    }


def divergence(stack: Stack) -> Divergence:
    with pytest.raises(ShapesDoNotFit) as caught:
        infer(read_stack(stack, Options()))
    found = caught.value.faults[0].diverged
    assert found is not None
    return found


def test_the_layer_whose_rounding_split_the_branches_is_named() -> None:
    found = divergence(u_net(90))
    assert found.parted_at == "half"
    assert found.rounded_by is not None
    assert (found.rounded_by.name, found.rounded_by.before, found.rounded_by.after) == (
        "quarter",
        45,
        22,
    )
    assert found.rounded_by.rounding == Rounding("down", 1, 2)
    up, skip = found.branches
    assert [layer.name for layer in up.layers] == ["quarter", "up"]
    assert (up.size, skip.size, skip.layers) == (44, 45, ())


def test_repairs_come_with_what_changes_least_first() -> None:
    repairs = divergence(u_net(90)).repairs
    assert [(r.change, r.target, r.axes, r.amount) for r in repairs] == [
        ("output_padding", "up", (1,), 1),
        ("crop", "half", (1,), 1),
        ("pad", "up", (1,), 1),
        ("input_size", "input", (1, 2), 89),
        ("input_size", "input", (1, 2), 92),
    ]


def repaired(stack: Stack, repair: Repair) -> Stack:
    """The stack with the repair carried out on both axes."""
    if repair.change == "input_size":
        return {**stack, "input_shape": [None, repair.amount, repair.amount, 3]}
    layers = [dict(layer) for layer in stack["layers"]]
    by_name = {layer["name"]: layer for layer in layers}
    if repair.change == "output_padding":
        # Without it, this layer makes the smallest result: its output padding is 0.
        by_name[repair.target]["output_padding"] = repair.amount
        return {**stack, "layers": layers}
    margin = [[0, repair.amount], [0, repair.amount]]
    kind = {
        "crop": {"type": "Cropping2D", "cropping": margin},
        "pad": {"type": "ZeroPadding2D", "padding": margin},
    }[repair.change]
    merge = by_name["skip"]
    merge["inputs"] = ["mended" if n == repair.target else n for n in merge["inputs"]]
    mended = {"name": "mended", "inputs": [repair.target], **kind}
    return {**stack, "layers": [*layers[:-1], mended, merge]}


@pytest.mark.parametrize("size", [90, 91, 50, 38])
def test_every_repair_works(size: int) -> None:
    stack = u_net(size)
    try:
        infer(read_stack(stack, Options()))
    except ShapesDoNotFit as error:
        found = error.faults[0].diverged
        assert found is not None
        assert len(found.repairs) >= 4
        for repair in found.repairs:
            infer(read_stack(repaired(stack, repair), Options()))


def test_branches_from_two_inputs_have_nothing_in_common() -> None:
    found = divergence(
        {
            "inputs": {"left": [None, 8, 4], "right": [None, 9, 4]},
            "layers": [{"type": "Add", "inputs": ["left", "right"]}],
        }
    )
    assert found.parted_at is None
    assert found.rounded_by is None
    assert [branch.input for branch in found.branches] == ["left", "right"]


def test_rounding_up_is_told_apart() -> None:
    stack = u_net(90)
    stack["layers"][2] = {
        "type": "Conv2D",
        "name": "quarter",
        "filters": 4,
        "kernel_size": 3,
        "strides": 2,
        "padding": "same",
    }
    found = divergence(stack)
    assert found.rounded_by is not None
    assert found.rounded_by.rounding == Rounding("up", 1, 2)


def test_many_merges_that_do_not_fit_cost_no_more_than_one() -> None:
    long = [{"type": "MaxPooling1D", "name": "a"}, *[{"type": "ReLU"}] * 500]
    uneven = [{"type": "MaxPooling1D"}, {"type": "UpSampling1D", "name": "u"}]
    layers = [*long, *uneven, *[{"type": "Add", "inputs": ["u", "a"]}] * 300]
    with pytest.raises(ShapesDoNotFit) as caught:
        infer(read_stack({"input_shape": [None, 90, 1], "layers": layers}, Options()))
    assert len(caught.value.faults) == 300
    assert [number for number, fault in enumerate(caught.value.faults) if fault.diverged] == [0]
